package io.agentpassport.server.trust;

import io.agentpassport.core.certificate.Identity;
import java.time.Duration;

/**
 * What trust may take.
 *
 * @param publishers
 *            how many are believed at once, our own included
 * @param constraints
 *            how many binding constraints a publisher may have
 * @param anchorsPerBundle
 *            how many anchors a bundle may list
 * @param revokedCertificates
 *            how many certificates of ours may be revoked at once whose life is not over; beyond, the anchor must be revoked
 * @param ownAnchors
 *            how many anchors of our own there may be, revoked ones included
 * @param watchers
 *            how many watch bundles at once
 * @param bundleLife
 *            from the issue of our bundle to its refresh_after
 * @param bundleRefresh
 *            our bundle is replaced when less than this is left of its life
 * @param readerStall
 *            how long a watcher may leave a bundle untaken before it is closed
 */
public record TrustLimits(int publishers, int constraints, int anchorsPerBundle, int revokedCertificates,
        int ownAnchors, int watchers, Duration bundleLife, Duration bundleRefresh, Duration readerStall) {

    /** The longest domain, binding constraint, anchor id and bundle id, in characters. */
    public static final int MAX_NAME_CHARACTERS = Identity.MAX_CHARACTERS;

    /** The longest reason for a revocation, in characters. */
    public static final int MAX_REASON_CHARACTERS = 256;

    /** How long revocations wait for others to share a bundle with. */
    public static final Duration COALESCE = Duration.ofMillis(50);

    /** How long our anchors live. */
    public static final Duration ANCHOR_LIFE = Duration.ofDays(5 * 365);

    /** How far anchors are backdated, for clocks that are behind ours. */
    public static final Duration BACKDATE = Duration.ofSeconds(60);

    /**
     * How long after its not_after a certificate stays in the list of revoked ones: the longest that any verifier's clock
     * skew may keep it alive.
     */
    public static final Duration REVOCATION_GRACE = Duration.ofMinutes(10);

    /** How long after its not_after the record of a revocation is kept for people to read. */
    public static final Duration REVOCATION_RETENTION = Duration.ofDays(30);

    /** How long a removal can be repeated with its request id. */
    public static final Duration REQUEST_MEMORY = Duration.ofDays(1);

    /** For a service of any size. */
    public static final TrustLimits DEFAULT = new TrustLimits(64, 64, 256, 8_000, 16, 1_024, Duration.ofHours(24),
            Duration.ofHours(12), Duration.ofSeconds(30));

    public TrustLimits {
        if (publishers < 1 || constraints < 1 || anchorsPerBundle < 1 || revokedCertificates < 1 || ownAnchors < 1
                || watchers < 1) {
            throw new IllegalArgumentException("every limit of trust is 1 or more");
        }
        if (bundleRefresh.isNegative() || bundleLife.compareTo(bundleRefresh) <= 0 || readerStall.isNegative()) {
            throw new IllegalArgumentException("a bundle is refreshed within its life");
        }
    }

    /** Refuses a reason that nobody checked before. */
    static void requireReason(String reason) {
        if (!isReason(reason)) {
            throw new IllegalArgumentException("a reason has 1 to " + MAX_REASON_CHARACTERS + " characters");
        }
    }

    /** Whether a text can be the reason of a revocation. */
    public static boolean isReason(String text) {
        return !text.isEmpty() && text.length() <= MAX_REASON_CHARACTERS;
    }
}
