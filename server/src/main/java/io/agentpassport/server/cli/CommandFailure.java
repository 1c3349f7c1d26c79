package io.agentpassport.server.cli;

import org.jspecify.annotations.Nullable;

/** A command could not do its work; the message is one line for a person, and says what to do. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What was asked for was refused, or the answer is no. */
    public static final int REFUSED = 1;
    /** The command line, the configuration or the environment is not right. */
    public static final int UNUSABLE = 2;
    /** A fault of this program. */
    public static final int FAULT = 70;

    private final int exitCode;

    private CommandFailure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What was asked for was refused. */
    public static CommandFailure refused(String message) {
        return new CommandFailure(REFUSED, message, null);
    }

    /** Something that the command needs is missing or wrong. */
    public static CommandFailure unusable(String message) {
        return new CommandFailure(UNUSABLE, message, null);
    }

    /** The same, because of that. */
    public static CommandFailure unusable(String message, Throwable cause) {
        return new CommandFailure(UNUSABLE, message, cause);
    }

    /** How the process ends. */
    public int exitCode() {
        return exitCode;
    }
}
