package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.proto.v1.HelloRequest;
import io.agentpassport.proto.v1.HelloResponse;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc.MutualAuthServiceImplBase;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.TrustServiceGrpc.TrustServiceImplBase;
import io.agentpassport.proto.v1.WatchTrustBundleRequest;
import io.agentpassport.proto.v1.WatchTrustBundleResponse;
import io.agentpassport.server.gateway.call.GatewayLimits;
import io.agentpassport.server.metrics.Metrics;
import io.agentpassport.server.metrics.RpcMeters;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers over real HTTP/2 that let nothing be sent to them. */
@Timeout(60)
class UnreadAnswersTest {

    private static final RequestId.Source IDS = new RequestId.Source(NonceSource.from(new Random(5)));
    private static final RpcMeters METERS = new RpcMeters(new Metrics(), Set.of(), Status.Code.values().length,
            Set.of());
    /** Beyond what HTTP/2 sends before the caller reads. */
    private static final int ANSWER = 128 << 10;

    private static final UnknownFieldSet LARGE = UnknownFieldSet.newBuilder()
            .addField(1_000, UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFrom(new byte[ANSWER]))
                    .build())
            .build();

    /** Bytes of the largest receipt, and of the largest decision. */
    private static final long RECEIPT = 64 << 10;
    private static final long OF_A_DECISION = 16 << 10;

    private static final long TO_ASK = 2L * ANSWER + 100;
    private static final long MOST = 3L * ANSWER + 100;
    private static final long IN_ALL = 5L * ANSWER + 100;

    private final UnreadAnswers unread = new UnreadAnswers(new HeldBytes("unread", MOST, IN_ALL, ANSWER + 100), TO_ASK);
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final CountDownLatch givenBack = new CountDownLatch(1);
    private final AtomicInteger handled = new AtomicInteger();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        NettyServerBuilder builder = NettyServerBuilder
                .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addTransportFilter(unread.connections());
        for (BindableService service : List.of(new Greeting(), new Bundles())) {
            builder.addService(ServerInterceptors.interceptForward(
                    ServerInterceptors.useMarshalledMessages(service.bindService(), new Bytes()),
                    List.of(new BoundedCalls(timer, System::nanoTime, METERS, IDS), unread,
                            new Faults(new Incidents(IDS)))));
        }
        server = builder.build().start();
    }

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        server.shutdownNow();
        timer.shutdownNow();
    }

    @Test
    void aConnectionThatReadsNothingIsRefusedMoreUntilItReads() throws Exception {
        ManagedChannel channel = channel();
        List<Asked> asked = ask(channel, 3);

        assertThat(ask(channel, 1).getFirst().status.get(50, TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        for (Asked one : asked) {
            one.call.request(2);
            assertThat(one.status.get(50, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
        }
        // The caller knows of the end first.
        until(() -> unread.waiting() == 0);
        Asked more = ask(channel, 1).getFirst();
        more.call.request(2);
        assertThat(more.status.get(50, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
    }

    @Test
    void nothingIsDoneForWhoLeavesTooMuchUnread() throws Exception {
        ManagedChannel channel = channel();
        ask(channel, 3);

        Status refused = ask(channel, 1).getFirst().status.get(50, TimeUnit.SECONDS);

        assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(handled).hasValue(3);
    }

    @Test
    void whatAnAgentMayHaveUnderWayCanWaitWithTheLargestAnswers() {
        GatewayLimits usual = GatewayLimits.DEFAULT;
        long largest = usual.maxResultBytes() + RECEIPT + OF_A_DECISION;

        assertThat(RpcLimits.UNREAD_BYTES_TO_ASK + Math.max(usual.inFlight(), usual.burst()) * largest)
                .isLessThanOrEqualTo(RpcLimits.UNREAD_BYTES);
    }

    @Test
    void whenTooMuchWaitsForOthersWhoeverReadsIsAnsweredStill() throws Exception {
        ask(channel(), 3);
        ask(channel(), 2);
        ManagedChannel third = channel();

        Asked first = ask(third, 1).getFirst();
        assertThat(ask(third, 1).getFirst().status.get(50, TimeUnit.SECONDS).getCode())
                .as("a second that waits")
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

        first.call.request(2);
        assertThat(first.status.get(50, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
    }

    @Test
    void whatWaitedForAConnectionThatIsGoneIsNotCountedAnyMore() throws Exception {
        ManagedChannel gone = channel();
        ask(gone, 3);
        gone.shutdownNow();
        assertThat(gone.awaitTermination(50, TimeUnit.SECONDS)).isTrue();

        ManagedChannel other = channel();
        until(() -> unread.waiting() == 0);

        ask(other, 3);
        ask(channel(), 1);
    }

    @Test
    void aStreamThatIsRefusedGivesBackWhatItsHandlerHeld() throws Exception {
        ManagedChannel channel = channel();
        ask(channel, 2);

        var watch = new Asked(channel, TrustServiceGrpc.getWatchTrustBundleMethod(),
                WatchTrustBundleRequest.getDefaultInstance());

        assertThat(watch.status.get(50, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(givenBack.await(50, TimeUnit.SECONDS)).isTrue();
    }

    private ManagedChannel channel() {
        ManagedChannel made = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .flowControlWindow(65_535)
                .build();
        channels.add(made);
        return made;
    }

    /** Asks for so many answers, and reads none; done when all wait. */
    private List<Asked> ask(ManagedChannel channel, int times) {
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            long before = unread.waiting();
            var one = new Asked(channel, MutualAuthServiceGrpc.getHelloMethod(), HelloRequest.getDefaultInstance());
            until(() -> unread.waiting() != before || one.status.isDone());
            all.add(one);
        }
        return all;
    }

    private static void until(BooleanSupplier holds) {
        while (!holds.getAsBoolean()) {
            assertThat(Thread.interrupted()).as("waited too long").isFalse();
            Thread.onSpinWait();
        }
    }

    /** A call whose answer is read when it is asked for. */
    private static final class Asked {

        final CompletableFuture<Status> status = new CompletableFuture<>();
        final ClientCall<?, ?> call;

        <Q, A> Asked(ManagedChannel channel, MethodDescriptor<Q, A> method, Q request) {
            ClientCall<Q, A> made = channel.newCall(method, CallOptions.DEFAULT);
            call = made;
            made.start(new ClientCall.Listener<>() {
                @Override
                public void onClose(Status closed, Metadata trailers) {
                    status.complete(closed);
                }
            }, new Metadata());
            made.sendMessage(request);
            made.halfClose();
        }
    }

    private final class Greeting extends MutualAuthServiceImplBase {
        @Override
        public void hello(HelloRequest request, StreamObserver<HelloResponse> to) {
            handled.incrementAndGet();
            to.onNext(HelloResponse.newBuilder()
                    .setUnknownFields(LARGE)
                    .build());
            to.onCompleted();
        }
    }

    private final class Bundles extends TrustServiceImplBase {
        @Override
        public void watchTrustBundle(WatchTrustBundleRequest request, StreamObserver<WatchTrustBundleResponse> to) {
            ((ServerCallStreamObserver<WatchTrustBundleResponse>) to).setOnCancelHandler(givenBack::countDown);
            to.onNext(WatchTrustBundleResponse.getDefaultInstance()
                    .toBuilder()
                    .setUnknownFields(LARGE)
                    .build()
                    .toBuilder()
                    .mergeUnknownFields(LARGE)
                    .build());
        }
    }
}
