package io.agentpassport.server.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call of an admin that changes something: who did what, and how it ended, is a line of the log. What was in it is not. */
final class AdminAct<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private static final Logger LOG = LoggerFactory.getLogger("io.agentpassport.admin");
    /** By the style of the contract every other name begins with a verb that changes something. */
    static final Pattern LOOKS = Pattern
            .compile("(Get|List|Watch|Explain|Simulate|Diff|Validate|Verify|Derive|Preview)[A-Z].*");

    private final String admin;
    private final RequestId id;

    private AdminAct(ServerCall<Q, A> call, String admin, RequestId id) {
        super(call);
        this.admin = admin;
        this.id = id;
    }

    /** The call, told of when it changes something. */
    static <Q, A> ServerCall<Q, A> of(ServerCall<Q, A> call, String admin, RequestId id) {
        String method = call.getMethodDescriptor().getBareMethodName();
        return method == null || LOOKS.matcher(method).matches() ? call : new AdminAct<>(call, admin, id);
    }

    @Override
    public void close(Status status, Metadata trailers) {
        LOG.atInfo()
                .addKeyValue("request", id)
                .addKeyValue("admin", admin)
                .addKeyValue("method", getMethodDescriptor().getFullMethodName())
                .addKeyValue("code", status.getCode())
                .log("admin act");
        super.close(status, trailers);
    }
}
