package io.agentpassport.server.rpc;

import io.agentpassport.wire.ServiceErrors;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** No exception leaves a handler: bytes that are no message are a bad request, all else is an incident. */
final class Faults implements ServerInterceptor {

    private final Incidents incidents;

    Faults(Incidents incidents) {
        this.incidents = incidents;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {

            @Override
            public void onMessage(Q message) {
                try {
                    super.onMessage(message);
                } catch (RuntimeException e) {
                    // Nothing but parsing happens here; handlers of one request run at onHalfClose.
                    GrpcErrors.close(call, ServiceErrors.invalidField("request", "is not a message of its type"));
                }
            }

            @Override
            public void onHalfClose() {
                try {
                    super.onHalfClose();
                } catch (RuntimeException e) {
                    GrpcErrors.close(call, incidents.report(e));
                }
            }
        };
    }
}
