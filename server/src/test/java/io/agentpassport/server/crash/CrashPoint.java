package io.agentpassport.server.crash;

/** The moments at which a process ends itself. */
enum CrashPoint {
    /** A group of commands is decided, and nothing of it is on disk. */
    BEFORE_A_COMMIT,
    /** The group is on disk, and the anchor does not say so. */
    BEFORE_ITS_ANCHOR,
    /** The group and its anchor are on disk, and nobody was told. */
    BEFORE_ITS_ANSWER,
    /** A call is decided, and its tool has not begun. */
    BEFORE_A_TOOL,
    /** The tool did its work, and the gateway does not know. */
    WHILE_A_TOOL_RUNS,
    /** The tool answered, and nothing of that is on disk. */
    AFTER_A_TOOL
}
