package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.proto.v1.DeriveSessionRequest;
import io.agentpassport.proto.v1.DeriveSessionResponse;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.PublisherKeys;
import io.agentpassport.proto.v1.TrustAnchors;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.VerificationTerms;
import io.agentpassport.proto.v1.VerifyAttestRequest;
import io.agentpassport.proto.v1.VerifyAttestResponse;
import io.agentpassport.proto.v1.VerifyTrustBundleRequest;
import io.agentpassport.proto.v1.VerifyTrustBundleResponse;
import io.agentpassport.wire.WireTime;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions that leave nothing behind at the service; "no" is an answer. Callers show a client certificate (mTLS).
 * Documents are sent as they are: the service's gate judges them.
 */
public final class Questions {

    private final PassportClient client;

    Questions(PassportClient client) {
        this.client = client;
    }

    /**
     * Would this attest be believed?
     *
     * @param expectedPeerNonce the nonce it must answer: the verifier's
     * @param expectedOwnNonce the attesting party's own nonce, as learned before
     * @return null for yes, otherwise the first check that failed
     */
    public @Nullable Failure verifyAttest(byte[] attestJson, String expectedPeerNonce, String expectedOwnNonce,
            Judgement by) {
        VerifyAttestRequest.Builder request = VerifyAttestRequest.newBuilder()
                .setAttestJson(ByteString.copyFrom(attestJson))
                .setExpectedPeerNonceB64(expectedPeerNonce)
                .setExpectedOwnNonceB64(expectedOwnNonce);
        ByteString policy = by.policyJson();
        if (policy != null) {
            request.setPolicyJson(policy);
        }
        TrustAnchors anchors = by.anchorsMessage();
        if (anchors != null) {
            request.setTrustAnchors(anchors);
        }
        if (by.now() != null) {
            request.setNow(WireTime.encode(by.now()));
        }
        VerifyAttestResponse response = client.calls()
                .call(MutualAuthServiceGrpc.getVerifyAttestMethod(), request.build(), Calls.Repeat.SAFE);
        return response.hasFailure() ? WireValues.failure(response.getFailure()) : null;
    }

    /** What a derivation answers: {@link Derived} or {@link NotDerived}. */
    public sealed interface Derivation permits Derived, NotDerived {}

    /** The session record, canonical JSON. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Derived(byte[] sessionJson) implements Derivation {}

    /** Why there is none. */
    public record NotDerived(Failure failure) implements Derivation {}

    /**
     * What session do these attests give, both verified first?
     *
     * @param by the policy and the instant of the derivation; its anchors are not read
     * @param ofAgent by what the agent's attest is judged; its instant is not read
     * @param ofSystem by what the system's attest is judged; its instant is not read
     */
    public Derivation deriveSession(byte[] agentAttestJson, byte[] systemAttestJson, Judgement by, Judgement ofAgent,
            Judgement ofSystem) {
        return derive(derivation(agentAttestJson, systemAttestJson, by)
                .setAgentTerms(terms(ofAgent))
                .setIsTerms(terms(ofSystem))
                .build());
    }

    /** What session would these attests give? Nothing is verified, so anchors are not read. */
    public Derivation deriveOnly(byte[] agentAttestJson, byte[] systemAttestJson, Judgement by) {
        return derive(derivation(agentAttestJson, systemAttestJson, by).setDerivationOnly(true).build());
    }

    private static VerificationTerms terms(Judgement side) {
        VerificationTerms.Builder terms = VerificationTerms.newBuilder();
        ByteString policy = side.policyJson();
        if (policy != null) {
            terms.setPolicyJson(policy);
        }
        TrustAnchors anchors = side.anchorsMessage();
        if (anchors != null) {
            terms.setTrustAnchors(anchors);
        }
        return terms.build();
    }

    private static DeriveSessionRequest.Builder derivation(byte[] agentAttestJson, byte[] systemAttestJson,
            Judgement by) {
        DeriveSessionRequest.Builder request = DeriveSessionRequest.newBuilder()
                .setAgentAttestJson(ByteString.copyFrom(agentAttestJson))
                .setIsAttestJson(ByteString.copyFrom(systemAttestJson));
        ByteString policy = by.policyJson();
        if (policy != null) {
            request.setPolicyJson(policy);
        }
        if (by.now() != null) {
            request.setNow(WireTime.encode(by.now()));
        }
        return request;
    }

    private Derivation derive(DeriveSessionRequest request) {
        DeriveSessionResponse response = client.calls()
                .call(MutualAuthServiceGrpc.getDeriveSessionMethod(), request, Calls.Repeat.SAFE);
        return response.hasFailure()
                ? new NotDerived(WireValues.failure(response.getFailure()))
                : new Derived(response.getSession().getSessionJson().toByteArray());
    }

    /**
     * Would this bundle be believed?
     *
     * @param trustedPublishersHex the publishers to trust; null for those of the service
     * @param now the instant; null for the service's
     * @return null for yes, otherwise the word of the first check that failed
     */
    public @Nullable String verifyTrustBundle(byte[] bundleJson, @Nullable List<String> trustedPublishersHex,
            @Nullable Instant now) {
        VerifyTrustBundleRequest.Builder request = VerifyTrustBundleRequest.newBuilder()
                .setBundleJson(ByteString.copyFrom(bundleJson));
        if (trustedPublishersHex != null) {
            request.setTrustedPublishers(PublisherKeys.newBuilder().addAllPubkeysHex(trustedPublishersHex));
        }
        if (now != null) {
            request.setNow(WireTime.encode(now));
        }
        VerifyTrustBundleResponse response = client.calls()
                .call(TrustServiceGrpc.getVerifyTrustBundleMethod(), request.build(), Calls.Repeat.SAFE);
        return response.hasFailure()
                ? WireValues.word(response.getFailure().getReason(), "TRUST_BUNDLE_FAILURE_REASON_")
                : null;
    }
}
