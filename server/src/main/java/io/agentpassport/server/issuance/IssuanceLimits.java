package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.EnrolmentLimits;
import io.agentpassport.core.certificate.Identity;
import java.time.Duration;

/**
 * What issuance may give.
 *
 * @param longestLife
 *            the longest life of a certificate: 24 h, more only when the configuration says so, 30 d at most
 */
public record IssuanceLimits(Duration longestLife) {

    /** The shortest life of a certificate and of a join token. */
    public static final Duration SHORTEST_LIFE = EnrolmentLimits.MIN_LIFE;

    /** The longest life that any configuration may allow, and the furthest a renew_until may lie ahead. */
    public static final Duration HARD_LIFE = EnrolmentLimits.MAX_CERTIFICATE_LIFE;

    /** How far certificates are backdated, for clocks that are behind ours. */
    public static final Duration BACKDATE = Duration.ofSeconds(60);

    /** How far a proof's issued_at may be from our clock. */
    public static final Duration PROOF_SKEW = Duration.ofSeconds(60);

    /** How long the same proof bytes get the same certificate. */
    public static final Duration PROOF_MEMORY = Duration.ofMinutes(10);

    /** The life of a join token, at most and when nothing is said. */
    public static final Duration JOIN_TOKEN_LIFE = EnrolmentLimits.MAX_JOIN_TOKEN_LIFE;

    /** The wrong secret that burns a join token. */
    public static final int JOIN_TOKEN_BAD_TRIES = 5;

    /** How long the request id of a join token is remembered. */
    public static final Duration REQUEST_MEMORY = Duration.ofDays(1);

    /** How long a certificate can be looked up after its not_after. */
    public static final Duration RETENTION = Duration.ofDays(30);

    /** The life of the service's own certificate. */
    public static final Duration OWN_LIFE = Duration.ofDays(30);

    /** The service's own certificate is replaced when less than this is left of it. */
    public static final Duration OWN_REPLACED = Duration.ofDays(10);

    /** Supported versions in a certificate, and their length in characters. */
    public static final int MAX_VERSIONS = EnrolmentLimits.VERSIONS;
    public static final int MAX_VERSION_CHARACTERS = EnrolmentLimits.VERSION_CHARS;

    /** Capabilities in a certificate, and their length in characters. */
    public static final int MAX_CAPABILITIES = EnrolmentLimits.CAPABILITIES;
    public static final int MAX_CAPABILITY_CHARACTERS = EnrolmentLimits.CAPABILITY_CHARS;

    /** The longest subject id and binding, in characters. */
    public static final int MAX_NAME_CHARACTERS = Identity.MAX_CHARACTERS;

    /** The longest principal, in characters. */
    public static final int MAX_PRINCIPAL_CHARACTERS = EnrolmentLimits.PRINCIPAL_CHARS;

    /** How many index rows one page looks at: with a rare filter a page may be short although more follow. */
    public static final int MAX_SCANNED = 2_000;

    /** 24 h. */
    public static final IssuanceLimits DEFAULT = new IssuanceLimits(Duration.ofHours(24));

    public IssuanceLimits {
        if (longestLife.compareTo(SHORTEST_LIFE) < 0 || longestLife.compareTo(HARD_LIFE) > 0) {
            throw new IllegalArgumentException("certificates live 1 s to 30 d: set the longest life within that");
        }
    }
}
