package io.agentpassport.client;

import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.ProcessToolCallsRequest;
import io.agentpassport.proto.v1.ProcessToolCallsResponse;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ToolCallFailures;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Tool calls, many at a time, on one stream. Answers come as they are ready, in any order. When the stream breaks, what was
 * not answered fails with UNREACHABLE, UNAVAILABLE or REFUSED: send the same signed request again, on another stream or
 * alone. Safe for any number of threads.
 */
public final class ToolCallStream implements AutoCloseable {

    private record Waiting(SignedToolRequest request, CompletableFuture<ToolCallAnswer> answer) {}

    private final ToolGateway gateway;
    private final ToolAnswers answers;
    private final String target;
    private final Semaphore room = new Semaphore(ClientLimits.STREAM_CALLS);
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentHashMap<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable StreamObserver<ProcessToolCallsRequest> requests;

    private ToolCallStream(ToolGateway gateway, ToolAnswers answers, String target) {
        this.gateway = gateway;
        this.answers = answers;
        this.target = target;
    }

    static ToolCallStream open(ToolGateway gateway, SessionCalls calls, ToolAnswers answers) {
        var stream = new ToolCallStream(gateway, answers, calls.client().target());
        var method = GatewayServiceGrpc.getProcessToolCallsMethod();
        Metadata proof = calls.proofOfStream(method.getFullMethodName());
        Channel channel = ClientInterceptors.intercept(calls.client().calls().channel(),
                MetadataUtils.newAttachHeadersInterceptor(proof));
        stream.requests = ClientCalls.asyncBidiStreamingCall(channel.newCall(method, CallOptions.DEFAULT),
                stream.new Reader());
        return stream;
    }

    /** Signs and sends a request; the future fails with a {@link PassportException} only. */
    public CompletableFuture<ToolCallAnswer> call(ToolRequest request) {
        return send(gateway.sign(request));
    }

    /**
     * Sends a signed request; the future fails with a {@link PassportException} only. Waits while 1,024 are under way.
     */
    public CompletableFuture<ToolCallAnswer> send(SignedToolRequest request) {
        room.acquireUninterruptibly();
        long number = numbers.incrementAndGet();
        var answer = new CompletableFuture<ToolCallAnswer>();
        var unused = answer.whenComplete((given, failure) -> room.release());
        waiting.put(number, new Waiting(request, answer));
        ProcessToolCallsRequest message = ProcessToolCallsRequest.newBuilder()
                .setCallNumber(number)
                .setCall(request.message())
                .build();
        synchronized (this) {
            StreamObserver<ProcessToolCallsRequest> open = requests;
            if (open != null && !ended.isDone()) {
                open.onNext(message);
                return answer;
            }
        }
        waiting.remove(number);
        answer.completeExceptionally(over(null));
        return answer;
    }

    /** Sends no more, and waits until all that was sent is answered, or the stream has broken. */
    @Override
    public void close() {
        synchronized (this) {
            StreamObserver<ProcessToolCallsRequest> open = requests;
            requests = null;
            if (open != null && !ended.isDone()) {
                open.onCompleted();
            }
        }
        ended.join();
    }

    /** Waits until the service has ended the stream, or it has broken: when its session is over, within a second. */
    public void awaitEnd() {
        ended.join();
    }

    private PassportException over(@Nullable Throwable cause) {
        return cause instanceof StatusRuntimeException status
                ? PassportException.of(target, status)
                : PassportException.local("the stream of tool calls is closed; open another");
    }

    private void end(@Nullable Throwable cause) {
        PassportException failure = over(cause);
        ended.complete(null);
        synchronized (this) {
            waiting.values().forEach(one -> one.answer().completeExceptionally(failure));
            waiting.clear();
        }
    }

    private void answered(ProcessToolCallsResponse response) {
        Waiting one = waiting.remove(response.getCallNumber());
        if (one == null) {
            return;
        }
        try {
            switch (response.getAnswerCase()) {
                case RESPONSE -> one.answer().complete(answers.of(response.getResponse(), one.request().digest()));
                case FAILURE -> one.answer().completeExceptionally(failure(response));
                case ANSWER_NOT_SET ->
                    throw PassportException.protocolViolation("the service answered nothing to a call");
            }
        } catch (RuntimeException e) {
            one.answer().completeExceptionally(e);
        }
    }

    private static PassportException failure(ProcessToolCallsResponse response) {
        ServiceError error = ToolCallFailures.decode(response.getFailure());
        return error == null
                ? PassportException.protocolViolation(
                        "the service answered a failure that this version does not know: "
                                + response.getFailure().getReason())
                : PassportException.of(error);
    }

    private final class Reader implements StreamObserver<ProcessToolCallsResponse> {

        @Override
        public void onNext(ProcessToolCallsResponse response) {
            answered(response);
        }

        @Override
        public void onError(Throwable cause) {
            end(cause);
        }

        @Override
        public void onCompleted() {
            end(null);
        }
    }
}
