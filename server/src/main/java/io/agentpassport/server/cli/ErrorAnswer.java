package io.agentpassport.server.cli;

import io.agentpassport.client.PassportException;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.wire.ErrorReason;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Why a command did not do its work: how the process ends, and the answer for who asked for JSON,
 * {@code {"error":{"exit_code","message","reason",...}}}. {@code reason} is the service's own word when it refused, such as
 * JOIN_TOKEN_INVALID, otherwise one of USAGE, UNUSABLE, REFUSED, CONFIGURATION, STORE, FAULT or the client's, such as
 * UNREACHABLE.
 *
 * @param message one line for people
 */
record ErrorAnswer(int exitCode, String reason, String message, Exception cause) {

    /** The program as the library and the service name it when they say what to type, who do not know how it was called. */
    private static final String LAUNCHER = "./passport ";

    /**
     * Of an exception that ended a command.
     *
     * @param program as people type it
     * @param command what it takes
     */
    static ErrorAnswer of(Exception e, String program, CommandSpec command) {
        String said = e instanceof PassportException refused ? OptionNames.message(refused, command)
                : String.valueOf(e.getMessage());
        String message = said.replace(LAUNCHER, program + " ");
        return switch (e) {
            case CommandFailure failure -> new ErrorAnswer(failure.exitCode(), failure.reason(), message, e);
            case ConfigException config -> new ErrorAnswer(CommandFailure.UNUSABLE, "CONFIGURATION", message, e);
            case StoreException store -> new ErrorAnswer(CommandFailure.UNUSABLE, "STORE", message, e);
            case PassportException passport -> new ErrorAnswer(exitCode(passport), reason(passport), message, e);
            default -> new ErrorAnswer(CommandFailure.FAULT, "FAULT", "a fault of this program: " + e, e);
        };
    }

    /** Of a command line that cannot be read, for that reason. */
    static ErrorAnswer usage(Exception e, String message) {
        return new ErrorAnswer(CommandFailure.UNUSABLE, "USAGE", message, e);
    }

    boolean isFault() {
        return exitCode == CommandFailure.FAULT;
    }

    JsonObject json() {
        JsonObject.Builder error = JsonObject.builder()
                .put("reason", reason)
                .put("message", message)
                .put("exit_code", (double) exitCode);
        if (cause instanceof PassportException passport) {
            Failure failure = passport.failure();
            if (failure != null) {
                error.put("failure", failure.reason().text()).put("detail", failure.detail());
            }
            String request = passport.requestId();
            if (request != null) {
                error.put("request_id", request);
            }
            Duration wait = passport.retryAfter();
            if (wait != null) {
                error.put("retry_after_ms", (double) wait.toMillis());
            }
            JsonObject.Builder metadata = JsonObject.builder();
            passport.metadata().forEach(metadata::put);
            if (!passport.metadata().isEmpty()) {
                error.put("metadata", metadata.build());
            }
        }
        return JsonObject.builder().put("error", error.build()).build();
    }

    private static int exitCode(PassportException e) {
        return switch (e.reason()) {
            case REFUSED, NOT_AUTHENTICATED -> CommandFailure.REFUSED;
            default -> CommandFailure.UNUSABLE;
        };
    }

    private static String reason(PassportException e) {
        ErrorReason ofService = e.errorReason();
        return ofService == null ? e.reason().name() : ofService.name();
    }
}
