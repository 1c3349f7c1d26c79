package io.agentpassport.server.cli;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.wire.ErrorReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The session that a call is signed in. A request that is kept is worth nothing without its session, and an agent has few of
 * them: so all that are kept of one identity share one, which is left beside the identity for the calls that come after. A
 * session in which nothing was kept ends with the command.
 */
final class CallSession implements AutoCloseable {

    /** A session that is over sooner is not taken up again, for people must have time to decide. */
    private static final Duration LEAST_LEFT = Duration.ofMinutes(15);

    private final AuthenticatedSession session;
    private final Path shared;
    private boolean left;

    private CallSession(AuthenticatedSession session, Path shared, boolean left) {
        this.session = session;
        this.shared = shared;
        this.left = left;
    }

    /**
     * A session for a new call: the one that other requests of this identity were kept in, else a new one.
     *
     * @param identity the file of the agent's identity
     */
    static CallSession forNew(CliContext context, PassportClient client, AgentIdentity agent, Path identity) {
        Path shared = beside(identity);
        AuthenticatedSession before = Files.exists(shared) ? takenUp(context, client, agent, shared) : null;
        return new CallSession(before == null ? Handshake.with(client, agent).run() : before, shared, before != null);
    }

    /** The session of a request that was kept in that file. */
    static CallSession ofKept(PassportClient client, AgentIdentity agent, Path identity, Path request) {
        try {
            return new CallSession(AuthenticatedSession.resume(client, agent, request), beside(identity), true);
        } catch (PassportException e) {
            if (isOver(e)) {
                throw CommandFailure.because(e, "the session that the request in " + request
                        + " was signed in is over, so it cannot be sent any more; " + ANEW);
            }
            throw e;
        }
    }

    /** What to do with a request that cannot be sent any more. */
    static final String ANEW = "unless it has run already, make the call again without --request, and a person must approve"
            + " it again";

    private static @Nullable AuthenticatedSession takenUp(CliContext context, PassportClient client,
            AgentIdentity agent, Path shared) {
        try {
            AuthenticatedSession session = AuthenticatedSession.resume(client, agent, shared);
            double end = session.session().expiresAtMillis();
            boolean lasts = end - context.clock().millis() >= LEAST_LEFT.toMillis()
                    || end >= agent.certificate().notAfterMillis();
            return lasts ? session : null;
        } catch (PassportException e) {
            // It is over, another's, or no session at all: then a new one serves as well. Who cannot be asked, cannot be.
            return switch (e.reason()) {
                case UNREACHABLE, UNAVAILABLE, TIMED_OUT -> throw e;
                default -> {
                    remove(shared); // or each call after this one would ask in vain, which is logged
                    yield null;
                }
            };
        }
    }

    private static void remove(Path shared) {
        try {
            Files.deleteIfExists(shared);
        } catch (IOException e) {
            // Then it is asked about again.
        }
    }

    private static boolean isOver(PassportException e) {
        var failure = e.failure();
        return e.errorReason() == ErrorReason.SESSION_OVER
                || (failure != null && failure.reason() == MutualAuthFailure.EXPIRED_SESSION);
    }

    /** {@code agent-alice.session} beside {@code agent-alice.json}. */
    static Path beside(Path identity) {
        String name = String.valueOf(identity.getFileName()).replaceFirst("\\.json$", "");
        return identity.resolveSibling(name + ".session");
    }

    /** The session itself. */
    AuthenticatedSession get() {
        return session;
    }

    /** Keeps a request of this session, and with it the session for the calls that come after. */
    void keep(Path file, SignedToolRequest request) {
        session.save(file, request);
        if (!left) {
            left = true;
            try {
                session.save(shared);
            } catch (PassportException e) {
                // Where that cannot be written, each request that is kept has a session of its own.
            }
        }
    }

    /** Ends it, unless requests are kept that need it. */
    @Override
    public void close() {
        if (!left) {
            session.end("the command is done");
        }
    }
}
