package io.agentpassport.server.cli;

import io.agentpassport.client.PassportException;
import io.agentpassport.wire.ErrorReason;
import org.jspecify.annotations.Nullable;

/** A command could not do its work; the message is one line for a person, and says what to do. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What was asked for was refused, or the answer is no. */
    public static final int REFUSED = 1;
    /** The command line, the configuration or the environment is not right. */
    public static final int UNUSABLE = 2;
    /** It was allowed, but the tool failed, or there is no answer of it. */
    public static final int NO_RESULT = 3;
    /** A fault of this program. */
    public static final int FAULT = 70;

    private final int exitCode;
    private final String reason;

    private CommandFailure(int exitCode, String reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.reason = reason;
    }

    /** What was asked for was refused. */
    public static CommandFailure refused(String message) {
        return new CommandFailure(REFUSED, "REFUSED", message, null);
    }

    /** What was waited for did not come in time; nothing is wrong with how it was asked for. */
    static CommandFailure timedOut(PassportException why, String whatNow) {
        return new CommandFailure(REFUSED, why.reason().name(), why.getMessage() + whatNow, why);
    }

    /** The service, or our side, said no; told in the words of the command line, and to programs by the same reason. */
    static CommandFailure because(PassportException why, String message) {
        ErrorReason ofService = why.errorReason();
        return new CommandFailure(REFUSED, ofService == null ? why.reason().name() : ofService.name(), message, why);
    }

    /** Something that the command needs is missing or wrong. */
    public static CommandFailure unusable(String message) {
        return new CommandFailure(UNUSABLE, "UNUSABLE", message, null);
    }

    /** The same, because of that. */
    public static CommandFailure unusable(String message, Throwable cause) {
        return new CommandFailure(UNUSABLE, "UNUSABLE", message, cause);
    }

    /** The word for programs: REFUSED, UNUSABLE, or what the client or the service called it. */
    String reason() {
        return reason;
    }

    /** How the process ends. */
    public int exitCode() {
        return exitCode;
    }
}
