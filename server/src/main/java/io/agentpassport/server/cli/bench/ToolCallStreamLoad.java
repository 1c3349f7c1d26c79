package io.agentpassport.server.cli.bench;

import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.ProcessToolCallsRequest;
import io.agentpassport.proto.v1.ProcessToolCallsResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Signed tool calls on streams that stay open: one for each caller, up to 64, and at least one for each connection. */
public final class ToolCallStreamLoad implements Load {

    private static final int MOST_STREAMS = 64;

    private final String name;
    /** Before the number of a call: a request id serves once, also for those who measure the same server again. */
    private final String run;
    private final InstantSource clock;
    private final NonceSource random;
    private final List<OpenStream> streams;
    private final AtomicLong next = new AtomicLong();

    /** Opens the streams. They end with their channels. */
    public ToolCallStreamLoad(String name, Channels channels, List<ToolCaller> callers, InstantSource clock,
            NonceSource random) {
        this.name = name;
        this.run = name + "-" + HexText.encode(random.bytes(4)) + "-";
        this.clock = clock;
        this.random = random;
        int many = Math.max(channels.size(), Math.min(MOST_STREAMS, callers.size()));
        this.streams = new ArrayList<>(many);
        for (int i = 0; i < many; i++) {
            streams.add(new OpenStream(channels.any(), callers.get(i % callers.size())));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletableFuture<Void> run() {
        long number = next.incrementAndGet();
        return streams.get((int) (number % streams.size())).call(number);
    }

    private final class OpenStream implements StreamObserver<ProcessToolCallsResponse> {

        private final ToolCaller caller;
        private final ConcurrentHashMap<Long, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
        private final StreamObserver<ProcessToolCallsRequest> requests;
        private @Nullable Throwable ended;

        OpenStream(Channel channel, ToolCaller caller) {
            this.caller = caller;
            var method = GatewayServiceGrpc.getProcessToolCallsMethod();
            Channel proven = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(
                    caller.proof(method.getFullMethodName(), clock, random)));
            this.requests = ClientCalls.asyncBidiStreamingCall(proven.newCall(method, CallOptions.DEFAULT), this);
        }

        CompletableFuture<Void> call(long number) {
            var answer = new CompletableFuture<Void>();
            waiting.put(number, answer);
            ProcessToolCallsRequest request = ProcessToolCallsRequest.newBuilder()
                    .setCallNumber(number)
                    .setCall(caller.call(run + number, clock, random))
                    .build();
            synchronized (this) {
                if (ended == null) {
                    requests.onNext(request);
                } else {
                    answer.completeExceptionally(ended);
                }
            }
            return answer;
        }

        @Override
        public void onNext(ProcessToolCallsResponse response) {
            CompletableFuture<Void> answer = waiting.remove(response.getCallNumber());
            if (answer == null) {
                return;
            }
            try {
                if (!response.hasResponse()) {
                    throw new IllegalStateException("failed: " + response.getFailure());
                }
                ToolCallLoad.check(response.getResponse());
                answer.complete(null);
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }

        @Override
        public void onError(Throwable failure) {
            synchronized (this) {
                ended = failure;
            }
            waiting.values().forEach(answer -> answer.completeExceptionally(failure));
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("the service ended the stream"));
        }
    }
}
