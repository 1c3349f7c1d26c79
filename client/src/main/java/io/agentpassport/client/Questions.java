package io.agentpassport.client;

import io.agentpassport.proto.v1.DeriveSessionRequest;
import io.agentpassport.proto.v1.DeriveSessionResponse;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.VerifyAttestRequest;
import io.agentpassport.proto.v1.VerifyAttestResponse;
import io.agentpassport.proto.v1.VerifyTrustBundleRequest;
import io.agentpassport.proto.v1.VerifyTrustBundleResponse;

/** Questions that leave nothing behind at the service; "no" is an answer. Callers show a client certificate (mTLS). */
public final class Questions {

    private final PassportClient client;

    Questions(PassportClient client) {
        this.client = client;
    }

    /** Would this attest be believed? */
    public VerifyAttestResponse verifyAttest(VerifyAttestRequest request) {
        return client.calls().call(MutualAuthServiceGrpc.getVerifyAttestMethod(), request, Calls.Repeat.SAFE);
    }

    /** What session do these attests give? */
    public DeriveSessionResponse deriveSession(DeriveSessionRequest request) {
        return client.calls().call(MutualAuthServiceGrpc.getDeriveSessionMethod(), request, Calls.Repeat.SAFE);
    }

    /** Would this bundle be believed? */
    public VerifyTrustBundleResponse verifyTrustBundle(VerifyTrustBundleRequest request) {
        return client.calls().call(TrustServiceGrpc.getVerifyTrustBundleMethod(), request, Calls.Repeat.SAFE);
    }
}
