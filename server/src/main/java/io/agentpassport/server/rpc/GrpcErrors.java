package io.agentpassport.server.rpc;

import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.ServiceError;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Makes every status of the service, from our own error type alone: each carries its reason and metadata. */
final class GrpcErrors {

    private GrpcErrors() {}

    /** The status of an error, for a handler's observer. */
    static StatusRuntimeException of(ServiceError error) {
        return StatusProto.toStatusRuntimeException(ErrorDetails.encode(error));
    }

    /** Ends a call that has no handler yet. */
    static void close(ServerCall<?, ?> call, ServiceError error) {
        StatusRuntimeException exception = of(error);
        Metadata trailers = exception.getTrailers();
        call.close(exception.getStatus(), trailers == null ? new Metadata() : trailers);
    }
}
