package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier.ExpectedNonces;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.proto.v1.AttestRequest;
import io.agentpassport.proto.v1.DeriveSessionRequest;
import io.agentpassport.proto.v1.EndSessionRequest;
import io.agentpassport.proto.v1.GetSessionRequest;
import io.agentpassport.proto.v1.HelloRequest;
import io.agentpassport.proto.v1.ListSessionsRequest;
import io.agentpassport.proto.v1.VerificationTerms;
import io.agentpassport.proto.v1.VerifyAttestRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The requests of mutual_auth_service.proto as values, and their decoding. */
public final class MutualAuthRequests {

    private MutualAuthRequests() {}

    /** An agent's attest, with its proof of which service it means; nothing of either has been verified. */
    public record Submission(Attest attest, SignedStatement sessionProof) {}

    /**
     * By what to judge an attest; what is null is the service's own.
     *
     * @param policy what to ask of the peer
     * @param anchors whom to believe
     */
    public record Terms(@Nullable MutualAuthPolicy policy, @Nullable TrustAnchors anchors) {

        /** The service's own policy and anchors. */
        public static final Terms OF_SERVICE = new Terms(null, null);
    }

    /**
     * Asks whether an attest is to be believed.
     *
     * @param now the instant to judge by; null means now
     */
    public record AttestQuestion(Attest attest, ExpectedNonces expected, Terms terms, @Nullable Instant now) {}

    /**
     * Asks for the session record of two attests.
     *
     * @param policy the derivation's own, whose longest session counts; null means the service's
     * @param agentTerms by what to judge the agent's attest; without a policy, the derivation's counts
     * @param systemTerms by what to judge the information system's attest, likewise
     * @param now the instant to judge by; null means now
     * @param derivationOnly derive without verifying
     */
    public record DerivationQuestion(Attest agent, Attest system, @Nullable MutualAuthPolicy policy, Terms agentTerms,
            Terms systemTerms, @Nullable Instant now, boolean derivationOnly) {}

    /** A session, by its id and the partition that keeps it. */
    public record SessionName(SessionId id, PartitionName partition) {}

    /**
     * Asks for a list of sessions.
     *
     * @param issuerDomain only of agents of this one; null of any
     * @param binding only of agents with this one; null with any
     * @param state only in this one; null in any
     */
    public record SessionQuery(@Nullable String issuerDomain, @Nullable String binding, @Nullable SessionState state,
            PageRequest page) {}

    /** Asks to end a session, and may say why. */
    public record SessionEnding(RequestId requestId, SessionName session, String reason) {}

    /** Decodes it: a well-formed hello, of whatever role. */
    public static Decoded<Hello> decode(HelloRequest request) {
        return Decoded.of(() -> {
            Hello hello = Hello.fromJson(Documents.signedDocument("hello_json", request.getHelloJson()));
            if (hello == null) {
                throw Malformed.field("hello_json", "must have spec_version \"1.0\", role, supported_versions,"
                        + " nonce_b64 (16 bytes in base64) and timestamp (unix milliseconds)");
            }
            return hello;
        });
    }

    /** Decodes it. */
    public static Decoded<Submission> decode(AttestRequest request) {
        return Decoded.of(() -> {
            Attest attest = attest("attest_json", request.getAttestJson());
            if (!request.hasSessionProof()) {
                throw Malformed.field("session_proof", "is required");
            }
            return new Submission(attest, SignedStatements.decode("session_proof", request.getSessionProof()));
        });
    }

    /** Decodes it. */
    public static Decoded<AttestQuestion> decode(VerifyAttestRequest request) {
        return Decoded.of(() -> new AttestQuestion(attest("attest_json", request.getAttestJson()),
                new ExpectedNonces(nonceText("expected_peer_nonce_b64", request.getExpectedPeerNonceB64()),
                        nonceText("expected_own_nonce_b64", request.getExpectedOwnNonceB64())),
                new Terms(request.hasPolicyJson() ? Documents.policy("policy_json", request.getPolicyJson()) : null,
                        request.hasTrustAnchors() ? anchors("trust_anchors", request.getTrustAnchors()) : null),
                request.hasNow() ? WireTime.decode("now", request.getNow()) : null));
    }

    /** Decodes it. */
    public static Decoded<DerivationQuestion> decode(DeriveSessionRequest request) {
        return Decoded.of(() -> new DerivationQuestion(attest("agent_attest_json", request.getAgentAttestJson()),
                attest("is_attest_json", request.getIsAttestJson()),
                request.hasPolicyJson() ? Documents.policy("policy_json", request.getPolicyJson()) : null,
                request.hasAgentTerms() ? terms("agent_terms", request.getAgentTerms()) : Terms.OF_SERVICE,
                request.hasIsTerms() ? terms("is_terms", request.getIsTerms()) : Terms.OF_SERVICE,
                request.hasNow() ? WireTime.decode("now", request.getNow()) : null, request.getDerivationOnly()));
    }

    /** Decodes it. */
    public static Decoded<SessionName> decode(GetSessionRequest request) {
        return Decoded.of(() -> name(request.getSessionId(), request.getPartition()));
    }

    /** Decodes it. */
    public static Decoded<SessionQuery> decode(ListSessionsRequest request) {
        return Decoded.of(() -> new SessionQuery(
                Fields.filter("issuer_domain", request.getIssuerDomain(), Limits.NAME_CHARS),
                Fields.filter("binding", request.getBinding(), Limits.NAME_CHARS),
                switch (request.getState()) {
                    case SESSION_STATE_UNSPECIFIED -> null;
                    case SESSION_STATE_ACTIVE -> SessionState.ACTIVE;
                    case SESSION_STATE_EXPIRED -> SessionState.EXPIRED;
                    case SESSION_STATE_IDLE -> SessionState.IDLE;
                    case SESSION_STATE_DISPLACED -> SessionState.DISPLACED;
                    case SESSION_STATE_ENDED -> SessionState.ENDED;
                    case SESSION_STATE_REVOKED -> SessionState.REVOKED;
                    case UNRECOGNIZED -> throw Malformed.field("state", "is no session state");
                },
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    /** Decodes it. */
    public static Decoded<SessionEnding> decode(EndSessionRequest request) {
        return Decoded.of(() -> new SessionEnding(Fields.requestId(request.getRequestId()),
                name(request.getSessionId(), request.getPartition()),
                Fields.optionalText("reason", request.getReason(), Limits.REASON_CHARS)));
    }

    private static SessionName name(String id, String partition) {
        return new SessionName(Fields.sessionId("session_id", id), Fields.partition("partition", partition));
    }

    private static Attest attest(String field, ByteString json) {
        return new Attest(Documents.signedDocument(field, json));
    }

    /** Any text: it is only compared. */
    private static String nonceText(String field, String text) {
        if (text.length() > Limits.NONCE_TEXT_CHARS) {
            throw Malformed.field(field, "must have at most " + Limits.NONCE_TEXT_CHARS + " characters");
        }
        return text;
    }

    private static Terms terms(String field, VerificationTerms terms) {
        return new Terms(
                terms.hasPolicyJson() ? Documents.policy(field + ".policy_json", terms.getPolicyJson()) : null,
                terms.hasTrustAnchors() ? anchors(field + ".trust_anchors", terms.getTrustAnchors()) : null);
    }

    /** The anchors that can vouch for somebody; the others are left out, as {@link TrustAnchor#fromJson} says. */
    private static TrustAnchors anchors(String field, io.agentpassport.proto.v1.TrustAnchors message) {
        List<ByteString> documents = message.getAnchorsJsonList();
        Fields.atMost(field + ".anchors_json", documents, Limits.ANCHORS);
        Fields.atMost(field + ".revoked_anchor_ids", message.getRevokedAnchorIdsList(), Limits.REVOKED_ANCHOR_IDS);
        var anchors = new ArrayList<TrustAnchor>(documents.size());
        for (int i = 0; i < documents.size(); i++) {
            TrustAnchor anchor = TrustAnchor.fromJson(
                    Documents.signedDocument(field + ".anchors_json[" + i + "]", documents.get(i)));
            if (anchor != null) {
                anchors.add(anchor);
            }
        }
        return TrustAnchors.of(anchors, Set.copyOf(message.getRevokedAnchorIdsList()));
    }
}
