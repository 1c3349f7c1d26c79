package io.agentpassport.client;

import io.agentpassport.core.time.DurationText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** As an agent, in its session: the calls of its own that wait for persons. Who decides is not the agent's to know. */
public final class OwnApprovals {

    private final ApprovalCalls calls;

    OwnApprovals(SessionCalls session) {
        this.calls = new ApprovalCalls(session);
    }

    /**
     * A page of approvals, newest first, without arguments.
     *
     * @param state only those in this state, a word of {@link ApprovalRecord#state}; null for all
     * @param pageToken of the page before, which had the same filter; null begins
     */
    public Page<ApprovalRecord> list(@Nullable String state, @Nullable String pageToken) {
        return calls.list(null, state, 0, pageToken);
    }

    /** One approval, whatever its state. */
    public ApprovalRecord get(String id) {
        return calls.get(id);
    }

    /**
     * Follows approvals, without arguments: those that are pending or approved first, then each that changes.
     *
     * @param id only this one; null for all
     */
    public Watch<ApprovalRecord> watch(@Nullable String id) {
        return calls.watch(id);
    }

    /**
     * Waits until persons have decided, or its time is over. When it is {@code approved}, send the same signed request
     * again.
     *
     * @return the approval as it is then
     * @throws PassportException as TIMED_OUT when it is still pending after so long
     */
    public ApprovalRecord awaitDecision(String id, Duration atMost) {
        long end = calls.asking().client().nanoTime() + atMost.toNanos();
        try (Watch<ApprovalRecord> watch = watch(id)) {
            ApprovalRecord now = get(id);
            while (now.state().equals("pending")) {
                long left = end - calls.asking().client().nanoTime();
                // Nobody may be there to write down that its time is over, so it is looked at as well.
                ApprovalRecord told = left <= 0 ? null : watch.next(least(left));
                if (told == null && left <= 0) {
                    throw PassportException.timedOut("nobody decided " + id + " within " + DurationText.of(atMost));
                }
                now = told == null ? get(id) : told;
            }
            return now;
        }
    }

    private static Duration least(long nanos) {
        Duration left = Duration.ofNanos(nanos);
        return left.compareTo(ClientLimits.LOOK_AGAIN) < 0 ? left : ClientLimits.LOOK_AGAIN;
    }
}
