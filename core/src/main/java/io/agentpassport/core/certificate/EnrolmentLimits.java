package io.agentpassport.core.certificate;

import java.time.Duration;

/**
 * What an enrolment and its certificates may hold: said once, for the messages that ask for them and for the service that
 * gives them (docs/protocol.md, "Issuance"). A character is a UTF-16 code unit.
 */
public final class EnrolmentLimits {

    /** Characters of a principal. */
    public static final int PRINCIPAL_CHARS = 128;
    /** Capabilities of one certificate. */
    public static final int CAPABILITIES = 64;
    /** Characters of a capability. */
    public static final int CAPABILITY_CHARS = 128;
    /** Protocol versions of one subject. */
    public static final int VERSIONS = 16;
    /** Characters of a protocol version. */
    public static final int VERSION_CHARS = 32;
    /** The shortest life of a certificate and of a join token. */
    public static final Duration MIN_LIFE = Duration.ofSeconds(1);
    /** The longest life of a certificate that any configuration may allow. */
    public static final Duration MAX_CERTIFICATE_LIFE = Duration.ofDays(30);
    /** The longest life of a join token, and the one it has when nobody names one. */
    public static final Duration MAX_JOIN_TOKEN_LIFE = Duration.ofMinutes(10);

    private EnrolmentLimits() {}
}
