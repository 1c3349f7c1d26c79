package io.agentpassport.server.rpc;

import io.agentpassport.proto.v1.CertificateServiceGrpc;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.server.partition.Rates;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How often one address may ask for what costs a signature before it is known who asks, and for what everybody may have. Each
 * kind is counted for itself, so that who has used up one can still do the other. Admins, known by their connection, are
 * not held back.
 */
final class PeerRates implements ServerInterceptor {

    /** What costs no signature may be asked for so much more often. */
    private static final int CHEAP = 10;
    /** Addresses that are remembered of each kind, some 150 bytes each; more at once wait. */
    private static final int ADDRESSES = 65_536;

    private static final String HELLO = MutualAuthServiceGrpc.getHelloMethod().getFullMethodName();
    private static final String ATTEST = MutualAuthServiceGrpc.getAttestMethod().getFullMethodName();
    private static final String ISSUE = CertificateServiceGrpc.getIssueCertificateMethod().getFullMethodName();

    private final Map<String, Rates<String>> costly;
    private final Rates<String> cheap;

    /** @param perSecond of each that costs a signature; twice as many at once after a rest */
    PeerRates(int perSecond, LongSupplier ticker) {
        costly = Map.of(HELLO, rates(perSecond, ticker), ATTEST, rates(perSecond, ticker), ISSUE,
                rates(perSecond, ticker));
        cheap = rates(CHEAP * perSecond, ticker);
    }

    private static Rates<String> rates(int perSecond, LongSupplier ticker) {
        return new Rates<>(perSecond, 2 * perSecond, ADDRESSES, ticker);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        Peer peer = Peer.of(call.getAttributes());
        @Nullable
        Duration wait = peer.admin() != null ? null : take(method, peer.network());
        if (wait == null) {
            return next.startCall(call, headers);
        }
        GrpcErrors.close(call, ServiceErrors.rateLimited("address", wait));
        return new ServerCall.Listener<>() {};
    }

    private @Nullable Duration take(String method, String network) {
        Rates<String> rates = costly.get(method);
        if (rates != null) {
            return rates.take(network);
        }
        return Access.isForEverybody(method) ? cheap.take(network) : null;
    }
}
