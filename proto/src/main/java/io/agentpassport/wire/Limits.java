package io.agentpassport.wire;

import io.agentpassport.core.certificate.EnrolmentLimits;
import io.agentpassport.core.certificate.Identity;
import java.time.Duration;

/**
 * What a message may hold, as its .proto file says field by field. A character is a UTF-16 code unit. Documents have the
 * limits of the gate: {@link io.agentpassport.core.json.JsonLimits}.
 */
public final class Limits {

    /** Characters of a name: binding, subject id, issuer domain, anchor id, constraint. */
    public static final int NAME_CHARS = Identity.MAX_CHARACTERS;
    /** Characters of a principal. */
    public static final int PRINCIPAL_CHARS = EnrolmentLimits.PRINCIPAL_CHARS;
    /** Characters of a reason that people give. */
    public static final int REASON_CHARS = 256;
    /** Characters of a capability. */
    public static final int CAPABILITY_CHARS = EnrolmentLimits.CAPABILITY_CHARS;
    /** Capabilities of one certificate. */
    public static final int CAPABILITIES = EnrolmentLimits.CAPABILITIES;
    /** Protocol versions of one subject. */
    public static final int VERSIONS = EnrolmentLimits.VERSIONS;
    /** Characters of a protocol version. */
    public static final int VERSION_CHARS = EnrolmentLimits.VERSION_CHARS;
    /** Characters of an expected nonce, which is compared as text. */
    public static final int NONCE_TEXT_CHARS = 256;
    /** Characters of a join token, {@code ID.SECRET}. */
    public static final int JOIN_TOKEN_CHARS = 128;
    /** Characters of a page token or cursor. */
    public static final int TOKEN_CHARS = 1024;
    /** Items on a page when the caller names no size. */
    public static final int DEFAULT_PAGE_SIZE = 50;
    /** Items on a page. */
    public static final int MAX_PAGE_SIZE = 100;
    /** Binding constraints of one publisher. */
    public static final int BINDING_CONSTRAINTS = 64;
    /** Anchors that a caller brings along. */
    public static final int ANCHORS = 256;
    /** Ids of revoked anchors that a caller brings along. */
    public static final int REVOKED_ANCHOR_IDS = 1_000;
    /** Publisher keys that a caller brings along. */
    public static final int PUBLISHER_KEYS = 64;
    /** The shortest life of a certificate or join token. */
    public static final Duration MIN_LIFE = EnrolmentLimits.MIN_LIFE;
    /** The life of a certificate when nobody names one. */
    public static final Duration DEFAULT_CERTIFICATE_LIFE = Duration.ofHours(1);
    /** The longest life of a certificate, whatever the configuration allows. */
    public static final Duration MAX_CERTIFICATE_LIFE = EnrolmentLimits.MAX_CERTIFICATE_LIFE;
    /** The longest life of a join token, and the one it has when nobody names one. */
    public static final Duration MAX_JOIN_TOKEN_LIFE = EnrolmentLimits.MAX_JOIN_TOKEN_LIFE;
    /** Patterns of tools of one grant. */
    public static final int TOOL_PATTERNS = 64;
    /** Characters of a tool's full name, or of a pattern of it. */
    public static final int TOOL_CHARS = 193;
    /** Scopes of one grant. */
    public static final int SCOPES = 64;
    /** Characters of a scope. */
    public static final int SCOPE_CHARS = 128;
    /** Limits of a grant's own. */
    public static final int GRANT_LIMITS = 16;
    /** Grants below one another, the first not counted. */
    public static final int DELEGATION_DEPTH = 7;
    /** Bytes of a policy document. */
    public static final int POLICY_BYTES = 256 * 1024;
    /** The shortest life of a budget session. */
    public static final Duration MIN_BUDGET_LIFE = Duration.ofSeconds(1);
    /** The longest life of a budget session. */
    public static final Duration MAX_BUDGET_LIFE = Duration.ofDays(366);
    /** Bytes of an ECDSA P-256 signature in ASN.1 DER. */
    public static final int ECDSA_SIGNATURE_BYTES = 72;
    /** Characters of an error's message; the rest is cut, for all of an error travels in trailers of at most 8 KiB. */
    public static final int ERROR_MESSAGE_CHARS = 256;
    /** Characters of a value in an error's metadata; the rest is cut. */
    public static final int ERROR_METADATA_CHARS = 512;

    private Limits() {}
}
