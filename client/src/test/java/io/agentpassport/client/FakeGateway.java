package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.proto.v1.ProcessToolCallsRequest;
import io.agentpassport.proto.v1.ProcessToolCallsResponse;
import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.GatewayAnswers;
import io.agentpassport.wire.ServiceError;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A gateway at the other end of a loopback connection, which answers as it is told and remembers what came. */
final class FakeGateway extends GatewayServiceGrpc.GatewayServiceImplBase implements AutoCloseable {

    /** What is answered to one call: a message, or the error of a status. */
    sealed interface Reply {}

    record Says(ProcessToolCallResponse response) implements Reply {}

    record Fails(ServiceError error) implements Reply {}

    /** No answer ever comes. */
    record SaysNothing() implements Reply {}

    private static final JsonParser STATEMENT = JsonParser.with(JsonLimits.TOOL_ARGUMENTS);

    final List<ByteString> statements = new CopyOnWriteArrayList<>();
    final List<byte[]> proofs = new CopyOnWriteArrayList<>();
    private final Server server;
    private final Function<ToolCall, Reply> replies;

    FakeGateway(Function<ToolCall, Reply> replies) {
        this.replies = replies;
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(this)
                    .intercept(new ServerInterceptor() {
                        @Override
                        public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
                                ServerCallHandler<Q, A> next) {
                            byte[] proof = headers.get(Metadata.Key.of("passport-proof-bin",
                                    Metadata.BINARY_BYTE_MARSHALLER));
                            if (proof != null) {
                                proofs.add(proof);
                            }
                            return next.startCall(call, headers);
                        }
                    })
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String target() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void processToolCall(ProcessToolCallRequest request, StreamObserver<ProcessToolCallResponse> to) {
        Reply reply = reply(request.getCall().getStatementJson());
        if (reply instanceof Says says) {
            to.onNext(says.response());
            to.onCompleted();
        } else if (reply instanceof Fails fails) {
            to.onError(StatusProto.toStatusRuntimeException(ErrorDetails.encode(fails.error())));
        }
    }

    @Override
    public StreamObserver<ProcessToolCallsRequest> processToolCalls(StreamObserver<ProcessToolCallsResponse> to) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ProcessToolCallsRequest request) {
                Reply reply = reply(request.getCall().getStatementJson());
                if (reply instanceof Says says) {
                    to.onNext(GatewayAnswers.numbered(request.getCallNumber(), says.response()));
                } else if (reply instanceof Fails fails) {
                    to.onNext(GatewayAnswers.failed(request.getCallNumber(), fails.error()));
                }
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {
                to.onCompleted();
            }
        };
    }

    private Reply reply(ByteString statement) {
        statements.add(statement);
        JsonObject json = ((JsonParser.Parsed) STATEMENT.parse(statement.toByteArray())).object();
        return replies.apply(((ToolCall.Parsed) ToolCall.fromStatement(json)).call());
    }

    static ByteString bytes(JsonObject json) {
        return ByteString.copyFrom(Jcs.bytes(json));
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
