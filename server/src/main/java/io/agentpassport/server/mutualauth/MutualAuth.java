package io.agentpassport.server.mutualauth;

import io.agentpassport.server.partition.Partition;

/** All of mutual authentication, made once, before the identity partitions are started. */
public final class MutualAuth {

    private final Handshakes handshakes;
    private final Sessions sessions;
    private final RpcProofs proofs;
    private final SignedCalls calls;
    private final SessionActivity activity;

    /** Makes it, and listens to the identity partitions. */
    public MutualAuth(MutualAuthContext context, MutualAuthLimits limits) {
        var live = new LiveSessions(context.partitions(), context.certificates(), limits.cachedSessions());
        activity = new SessionActivity(limits);
        for (Partition partition : context.partitions().identities()) {
            partition.listen(live::committed);
        }
        handshakes = new Handshakes(context, limits, activity);
        sessions = new Sessions(context, limits, live, activity);
        proofs = new RpcProofs(context, limits, live, activity, sessions);
        calls = new SignedCalls(context, limits, live, activity, sessions);
    }

    /** How many sessions were used of late. */
    public int sessionsInUse() {
        return activity.size();
    }

    /** Hello and attest. */
    public Handshakes handshakes() {
        return handshakes;
    }

    /** What came of them. */
    public Sessions sessions() {
        return sessions;
    }

    /** How a session's agent shows that a call is its own. */
    public RpcProofs proofs() {
        return proofs;
    }

    /** Whose a signed tool call is. */
    public SignedCalls calls() {
        return calls;
    }
}
