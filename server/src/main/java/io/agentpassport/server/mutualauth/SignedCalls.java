package io.agentpassport.server.mutualauth;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.signing.SignedStatement;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whose call a signed statement is. Only that: whether the session still serves is asked when the call is decided,
 * in order with whoever ends it.
 */
public final class SignedCalls {

    private static final Outcome UNKNOWN = new Unknown();

    /** What a signature is verified by when there is no session; what it verifies is refused all the same. */
    private static final PublicKey NOBODY = Signer.fromSeed(new byte[Signer.SEED_BYTES]).publicKey();

    private final MutualAuthContext context;
    private final MutualAuthLimits limits;
    private final LiveSessions live;
    private final SessionActivity activity;
    private final Sessions sessions;

    SignedCalls(MutualAuthContext context, MutualAuthLimits limits, LiveSessions live, SessionActivity activity,
            Sessions sessions) {
        this.context = context;
        this.limits = limits;
        this.live = live;
        this.activity = activity;
        this.sessions = sessions;
    }

    /** What is found out. */
    public sealed interface Outcome {}

    /** The session's agent signed it. */
    public record Known(CallerSession caller) implements Outcome {}

    /** Session, agent, audience or signature are not right; which of them is not said. */
    public record Unknown() implements Outcome {}

    /** Right, but there is no room to remember that the session is in use: try again in a moment. */
    public record Overloaded(String limit) implements Outcome {}

    /**
     * Checks a statement. When it is right and its session serves, that session has not rested until now.
     *
     * @param signed
     *            must have passed the gate
     * @param session
     *            that the statement names
     * @param agentId
     *            that the statement names
     * @param audience
     *            that the statement names
     * @return complete already when the session is in memory; exceptionally when too many wait to be loaded
     */
    public CompletableFuture<Outcome> authenticate(SignedStatement signed, SessionId session, String agentId,
            String audience, Instant now) {
        LiveSession found = live.inMemory(session, now);
        if (found != null) {
            return CompletableFuture.completedFuture(judge(found, signed, agentId, audience, now));
        }
        // Unlike supplyAsync this does not throw when no more sessions may wait to be loaded.
        return CompletableFuture.completedFuture(session)
                .thenApplyAsync(wanted -> judge(live.find(wanted, now), signed, agentId, audience, now),
                        context.loaders());
    }

    private Outcome judge(@Nullable LiveSession session, SignedStatement signed, String agentId, String audience,
            Instant now) {
        // One path whatever is wrong: a signature is always verified, by the key of nobody when there is no session, so that
        // how long it takes tells nobody which sessions there are.
        boolean signedByThem = signed.verifies(session == null ? NOBODY : session.agent().subjectKey());
        boolean meantForUs = audience.equals(context.identity().get().audience());
        if (session == null || !meantForUs || !agentId.equals(session.agent().binding()) || !signedByThem) {
            return UNKNOWN;
        }
        boolean serving = sessions.stateAt(session, now.toEpochMilli()) == SessionState.ACTIVE;
        if (serving) {
            SessionActivity.Entry entry = activity.entry(session, now.toEpochMilli());
            if (entry == null) {
                return new Overloaded("active_sessions");
            }
            entry.touch(now.toEpochMilli());
        }
        return new Known(new CallerSession(session, context.trust(), activity, limits.idleTimeout().toMillis(),
                serving));
    }
}
