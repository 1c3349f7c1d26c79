package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.partition.Shares;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Checks the proof that a call carries (docs/protocol.md, "Statements on the wire"): that the agent of an active
 * session makes this call of this service, now, and for the first time. Nonces are remembered in memory; a restart
 * forgets them, which is why proofs issued before it are stale.
 */
public final class RpcProofs {

    private static final ProofOutcome INVALID = new ProofOutcome.Invalid();

    private final MutualAuthContext context;
    private final MutualAuthLimits limits;
    private final LiveSessions live;
    private final SessionActivity activity;
    private final Sessions sessions;
    private final ExpiringMap<UsedNonce, SessionActivity.Entry> nonces;
    private final Shares<Identity> shares;

    /** A nonce serves one call of its session. */
    private record UsedNonce(SessionId session, Nonce nonce) {}

    RpcProofs(MutualAuthContext context, MutualAuthLimits limits, LiveSessions live, SessionActivity activity,
            Sessions sessions) {
        this.context = context;
        this.limits = limits;
        this.live = live;
        this.activity = activity;
        this.sessions = sessions;
        this.shares = new Shares<>(limits.noncesPerIdentity());
        this.nonces = new ExpiringMap<>(MutualAuthLimits.NONCE_LIFE.toMillis(), limits.nonces(),
                session -> {
                    session.nonces().decrementAndGet();
                    shares.giveBack(session.identity());
                });
    }

    /**
     * Checks a proof. When it is accepted, its session has not rested until now.
     *
     * @param proof
     *            must have passed the gate
     * @param method
     *            the full name of the method that is called, without a leading slash
     * @param bodySha256
     *            of the request message as it was serialised, of nothing for a stream: 64 lower-case hex digits
     * @return complete already when the session is in memory; exceptionally when too many wait to be loaded
     */
    public CompletableFuture<ProofOutcome> check(SignedStatement proof, String method, String bodySha256,
            Instant now) {
        RpcProof claim = RpcProof.fromStatement(proof.statement());
        SessionId id = claim == null ? null : SessionId.fromText(claim.sessionId());
        if (claim == null || id == null) {
            return CompletableFuture.completedFuture(INVALID);
        }
        LiveSession session = live.inMemory(id, now);
        if (session != null) {
            return CompletableFuture.completedFuture(judge(session, claim, proof, method, bodySha256, now));
        }
        // Unlike supplyAsync this does not throw when no more sessions may wait to be loaded.
        return CompletableFuture.completedFuture(id)
                .thenApplyAsync(wanted -> judge(live.find(wanted, now), claim, proof, method, bodySha256, now),
                        context.loaders());
    }

    private ProofOutcome judge(@Nullable LiveSession session, RpcProof claim, SignedStatement proof, String method,
            String bodySha256, Instant now) {
        if (session == null || !holds(session, claim, proof, context.identity().get().audience(), method,
                bodySha256)) {
            return INVALID;
        }
        if (isStale(claim.issuedAtMillis(), context.startedAt().toEpochMilli(), now.toEpochMilli())) {
            return new ProofOutcome.Stale(Instant.ofEpochMilli((long) claim.issuedAtMillis()), now);
        }
        return admit(session, claim.nonce(), now);
    }

    /** Whether the session's agent signed this call of this service. */
    static boolean holds(LiveSession session, RpcProof claim, SignedStatement proof, String audience, String method,
            String bodySha256) {
        return claim.audience().equals(audience) && claim.method().equals(method)
                && claim.bodySha256().equals(bodySha256) && proof.verifies(session.agent().subjectKey());
    }

    /** Whether a proof was issued too far from now, or before what was used was remembered. */
    static boolean isStale(double issuedAtMillis, long startedAtMillis, long nowMillis) {
        return Math.abs(nowMillis - issuedAtMillis) > MutualAuthLimits.PROOF_SKEW.toMillis()
                || issuedAtMillis < startedAtMillis;
    }

    private ProofOutcome admit(LiveSession session, Nonce nonce, Instant now) {
        long nowMillis = now.toEpochMilli();
        SessionActivity.Entry entry = activity.entry(session, nowMillis);
        if (entry == null) {
            return new ProofOutcome.Overloaded("active_sessions");
        }
        ProofOutcome refused = use(new UsedNonce(session.id(), nonce), entry, nowMillis);
        if (refused != null) {
            return refused;
        }
        SessionState state = sessions.stateAt(session, nowMillis);
        if (state != SessionState.ACTIVE) {
            return new ProofOutcome.SessionOver(state);
        }
        entry.touch(nowMillis);
        return new ProofOutcome.Authenticated(session.row().identity(), sessions.snapshot(session, now));
    }

    /** Uses up the nonce; null when that went well. */
    private @Nullable ProofOutcome use(UsedNonce nonce, SessionActivity.Entry entry, long nowMillis) {
        nonces.forgetEnded(nowMillis);
        if (entry.nonces().incrementAndGet() > limits.noncesPerSession()) {
            entry.nonces().decrementAndGet();
            return nonces.get(nonce, nowMillis) != null
                    ? new ProofOutcome.Replayed()
                    : new ProofOutcome.Overloaded("nonces_per_session");
        }
        if (!shares.take(entry.identity())) {
            entry.nonces().decrementAndGet();
            return nonces.get(nonce, nowMillis) != null
                    ? new ProofOutcome.Replayed()
                    : new ProofOutcome.Overloaded("nonces_per_identity");
        }
        ExpiringMap.Put put = nonces.putIfAbsent(nonce, entry, nowMillis);
        if (put == ExpiringMap.Put.ADDED) {
            return null;
        }
        entry.nonces().decrementAndGet();
        shares.giveBack(entry.identity());
        return put == ExpiringMap.Put.PRESENT
                ? new ProofOutcome.Replayed()
                : new ProofOutcome.Overloaded("nonces");
    }
}
