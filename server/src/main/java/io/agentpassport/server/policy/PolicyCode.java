package io.agentpassport.server.policy;

/** Why a policy denies a call, in the order in which it asks. */
public enum PolicyCode {
    /** The document does not name the tool, and its default is deny. */
    DEFAULT_DENY,
    /** Something that must hold does not, or cannot be told; a cost or a price that is none is such a thing too. */
    REQUIRE_FAILED,
    /** Something holds, or may hold, that must not. */
    DENY_IF,
    /** Not at this time. */
    SCHEDULE,
    /** The arguments do not fit the schema. */
    SCHEMA
}
