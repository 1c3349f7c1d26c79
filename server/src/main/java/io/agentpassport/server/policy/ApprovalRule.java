package io.agentpassport.server.policy;

import java.time.Duration;
import java.util.List;

/**
 * A person must approve the call first.
 *
 * @param pointer
 *            where the document asks for it
 * @param reason
 *            for the person, at most {@link PolicyLimits#REASON_CHARACTERS}; may be empty
 * @param needed
 *            how many persons, 1 to 10
 * @param approvers
 *            who may; empty for every approver
 * @param ownerMay
 *            whether the requester's own principal may
 * @param expiresAfter
 *            how long the request waits, 1 second to 24 hours
 */
public record ApprovalRule(String pointer, String reason, int needed, List<String> approvers, boolean ownerMay,
        Duration expiresAfter) {

    /** How long a request waits when nothing is said. */
    public static final Duration USUAL_WAIT = Duration.ofMinutes(10);

    /** How long a request can wait at most. */
    public static final Duration MAX_WAIT = Duration.ofHours(24);

    /** The most persons that may be asked for. */
    public static final int MAX_NEEDED = 10;

    /** As many persons are needed as there can be. */
    public ApprovalRule {
        approvers = List.copyOf(approvers);
        if (needed < 1 || needed > MAX_NEEDED || (!approvers.isEmpty() && approvers.size() < needed)) {
            throw new IllegalArgumentException("an approval needs 1 to 10 of those who may give it");
        }
    }
}
