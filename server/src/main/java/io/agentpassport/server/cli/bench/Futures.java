package io.agentpassport.server.cli.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Unary calls as futures that complete on the connection's own thread. */
final class Futures {

    private static final long DEADLINE_SECONDS = 30;

    private Futures() {}

    static <Q, A> CompletableFuture<A> call(Channel channel, MethodDescriptor<Q, A> method, Q request) {
        var future = new CompletableFuture<A>();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
        ClientCalls.asyncUnaryCall(channel.newCall(method, options), request, new StreamObserver<A>() {
            private @Nullable A answer;

            @Override
            public void onNext(A value) {
                answer = value;
            }

            @Override
            public void onError(Throwable failure) {
                future.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                future.complete(answer);
            }
        });
        return future;
    }
}
