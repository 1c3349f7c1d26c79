package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.proto.v1.HelloRequest;
import io.agentpassport.proto.v1.HelloResponse;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc.MutualAuthServiceImplBase;
import io.agentpassport.server.metrics.Metrics;
import io.agentpassport.server.metrics.RpcMeters;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers that never answer, answer twice, or fail. */
class BoundedCallsTest {

    private static final RequestId.Source IDS = new RequestId.Source(NonceSource.from(new Random(5)));
    private static final RpcMeters METERS = new RpcMeters(new Metrics(), Set.of(), Status.Code.values().length,
            Set.of());
    private final ManualTimer timer = new ManualTimer();
    private final BoundedCalls bounded = new BoundedCalls(timer, System::nanoTime, METERS, IDS);
    private final BlockingQueue<StreamObserver<HelloResponse>> held = new LinkedBlockingQueue<>();

    private @Nullable Server server;
    private @Nullable ManagedChannel channel;

    @AfterEach
    void stop() {
        Objects.requireNonNull(channel).shutdownNow();
        Objects.requireNonNull(server).shutdownNow();
        timer.shutdownNow();
    }

    @Test
    void aCallThatIsNotAnsweredEndsAtItsDeadline() throws Exception {
        Future<HelloResponse> answer = MutualAuthServiceGrpc.newFutureStub(start(held::add))
                .hello(HelloRequest.getDefaultInstance());
        StreamObserver<HelloResponse> late = held.take();

        ManualTimer.Task deadline = timer.tasks.take();
        assertThat(deadline.delay).isBetween(RpcLimits.UNARY_DEADLINE.minusSeconds(5), RpcLimits.UNARY_DEADLINE);
        deadline.task.run();

        assertThat(codeOf(answer)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        // An answer after the end is nobody's, and does no harm.
        late.onNext(HelloResponse.getDefaultInstance());
        late.onCompleted();
        assertThat(bounded.awaitNone(Duration.ZERO)).isTrue();
    }

    @Test
    void whoeverStopsWaitsForTheCallsUnderWay() throws Exception {
        Future<HelloResponse> answer = MutualAuthServiceGrpc.newFutureStub(start(held::add))
                .hello(HelloRequest.getDefaultInstance());
        StreamObserver<HelloResponse> open = held.take();
        assertThat(bounded.awaitNone(Duration.ofMillis(1))).isFalse();

        open.onNext(HelloResponse.getDefaultInstance());
        open.onCompleted();

        assertThat(answer.get()).isEqualTo(HelloResponse.getDefaultInstance());
        assertThat(bounded.awaitNone(Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void aHandlerThatThrowsIsAnIncident() {
        ManagedChannel failing = start(to -> {
            throw new IllegalStateException("on purpose");
        });

        RawCalls.Outcome outcome = new RawCalls(failing).call(MutualAuthServiceGrpc.getHelloMethod(), new byte[0]);

        assertThat(outcome.word()).isEqualTo("INTERNAL");
        assertThat(Objects.requireNonNull(outcome.error()).metadata().get("incident")).matches("[0-9a-f]{16}");
        assertThat(outcome.error().message()).doesNotContain("on purpose");
    }

    private ManagedChannel start(Consumer<StreamObserver<HelloResponse>> handler) {
        var service = new MutualAuthServiceImplBase() {
            @Override
            public void hello(HelloRequest request, StreamObserver<HelloResponse> to) {
                handler.accept(to);
            }
        };
        String name = InProcessServerBuilder.generateName();
        try {
            server = InProcessServerBuilder.forName(name)
                    .directExecutor()
                    .addService(ServerInterceptors.interceptForward(
                            ServerInterceptors.useMarshalledMessages(service.bindService(), new Bytes()),
                            List.of(bounded, new Faults(new Incidents(IDS)))))
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ManagedChannel made = InProcessChannelBuilder.forName(name).build();
        channel = made;
        return made;
    }

    private static Status.Code codeOf(Future<?> answer) throws InterruptedException {
        try {
            var unused = answer.get();
            return Status.Code.OK;
        } catch (ExecutionException e) {
            return ((StatusRuntimeException) Objects.requireNonNull(e.getCause())).getStatus().getCode();
        }
    }

    /** Keeps what it should run later. */
    private static final class ManualTimer extends ScheduledThreadPoolExecutor {

        record Task(Runnable task, Duration delay) {}

        final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();

        ManualTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            tasks.add(new Task(command, Duration.ofNanos(unit.toNanos(delay))));
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }
    }
}
