package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.GatewayServiceGrpc.GatewayServiceImplBase;
import io.agentpassport.proto.v1.GetStatsRequest;
import io.agentpassport.proto.v1.GetStatsResponse;
import io.agentpassport.proto.v1.ProcessToolCallsRequest;
import io.agentpassport.proto.v1.ProcessToolCallsResponse;
import io.agentpassport.server.metrics.Metrics;
import io.agentpassport.server.metrics.RpcMeters;
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
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers over real HTTP/2 whose requests never come to their end, or who come too many at once. */
@Timeout(60)
class UnhandledRequestsTest {

    private static final RequestId.Source IDS = new RequestId.Source(NonceSource.from(new Random(5)));
    private static final RpcMeters METERS = new RpcMeters(new Metrics(), Set.of(), Status.Code.values().length,
            Set.of());
    private static final int REQUEST = 128 << 10;
    private static final long MOST = 3L * REQUEST + 100;
    private static final long IN_ALL = 5L * REQUEST + 100;

    private final UnhandledRequests unhandled = new UnhandledRequests(
            new HeldBytes("unhandled", MOST, IN_ALL, REQUEST + 100));
    private final Connections connections = new Connections(3, 100);
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final AtomicInteger received = new AtomicInteger();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addTransportFilter(connections)
                .addTransportFilter(unhandled.connections())
                .addStreamTracerFactory(unhandled)
                .addService(ServerInterceptors.interceptForward(
                        ServerInterceptors.useMarshalledMessages(new Handler().bindService(), new Bytes()),
                        List.of(new BoundedCalls(timer, System::nanoTime, METERS, IDS), connections, unhandled,
                                new Faults(new Incidents(IDS)))))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        server.shutdownNow();
        timer.shutdownNow();
    }

    @Test
    void aConnectionHasOnlySoMuchInMemoryThatIsNotAnswered() throws Exception {
        ManagedChannel channel = channel();
        List<Asked> open = begin(channel, 3);

        assertThat(begin(channel, 1).getFirst().status.get(50, TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

        open.getFirst().call.halfClose();
        assertThat(open.getFirst().status.get(50, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
        open.get(1).call.cancel("enough", null);
        until(() -> unhandled.bytes() < 2L * REQUEST);
        Asked next = begin(channel, 1).getFirst();
        next.call.halfClose();
        assertThat(next.status.get(50, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
    }

    @Test
    void whenOthersHaveTooMuchASmallRequestIsAnsweredStill() throws Exception {
        begin(channel(), 3);
        begin(channel(), 2);
        ManagedChannel third = channel();
        long ofOthers = unhandled.bytes();

        Asked small = new Asked(third, GatewayServiceGrpc.getGetStatsMethod(), REQUEST);
        small.call.halfClose();
        assertThat(small.status.get(50, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
        // The caller knows of the end first.
        until(() -> unhandled.bytes() == ofOthers);
        begin(third, 1);
        assertThat(begin(third, 1).getFirst().status.get(50, TimeUnit.SECONDS).getCode())
                .as("a second one")
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void whatAConnectionHadIsNotCountedWhenItIsGone() throws Exception {
        ManagedChannel gone = channel();
        begin(gone, 3);

        gone.shutdownNow();

        until(() -> unhandled.bytes() == 0);
    }

    @Test
    void whatAStreamHandedToItsHandlerIsTheHandlers() {
        var stream = new Asked(channel(), GatewayServiceGrpc.getProcessToolCallsMethod(), REQUEST);
        for (int i = 0; i < 20; i++) {
            int before = i;
            until(() -> received.get() > before && unhandled.bytes() == 0);
            stream.call.sendMessage(Asked.message(REQUEST));
        }
        assertThat(stream.status).isNotDone();
    }

    @Test
    void onConnectionsBeyondThoseThatMayBeNothingIsAnswered() throws Exception {
        List<ManagedChannel> three = List.of(channel(), channel(), channel());
        for (ManagedChannel channel : three) {
            assertThat(answered(channel)).isEqualTo(Status.Code.OK);
        }

        assertThat(answered(channel())).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

        three.getFirst().shutdownNow();
        assertThat(three.getFirst().awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        until(() -> connections.open() == 2);
        assertThat(answered(channel())).isEqualTo(Status.Code.OK);
    }

    private static Status.Code answered(ManagedChannel channel) throws Exception {
        var asked = new Asked(channel, GatewayServiceGrpc.getGetStatsMethod(), 10);
        asked.call.halfClose();
        return asked.status.get(50, TimeUnit.SECONDS).getCode();
    }

    private ManagedChannel channel() {
        ManagedChannel made = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
        channels.add(made);
        return made;
    }

    /** Begins so many requests that do not end. */
    private List<Asked> begin(ManagedChannel channel, int times) {
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            long before = unhandled.bytes();
            var one = new Asked(channel, GatewayServiceGrpc.getGetStatsMethod(), REQUEST);
            until(() -> unhandled.bytes() >= before + REQUEST || one.status.isDone());
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

    /** A call with one message of that size, which has not ended. */
    private static final class Asked {

        final CompletableFuture<Status> status = new CompletableFuture<>();
        final ClientCall<byte[], byte[]> call;

        Asked(ManagedChannel channel, MethodDescriptor<?, ?> method, int bytes) {
            call = channel.newCall(method.toBuilder(new Bytes(), new Bytes()).build(), CallOptions.DEFAULT);
            call.start(new ClientCall.Listener<>() {
                @Override
                public void onClose(Status closed, Metadata trailers) {
                    status.complete(closed);
                }
            }, new Metadata());
            call.request(2);
            call.sendMessage(message(bytes));
        }

        /** An unknown field, which every message may have. */
        private static byte[] message(int bytes) {
            byte[] message = new byte[bytes];
            int content = bytes - 5;
            // Field 1000, of as many bytes as are left.
            message[0] = (byte) 0xc2;
            message[1] = 0x3e;
            message[2] = (byte) ((content & 0x7f) | 0x80);
            message[3] = (byte) (((content >> 7) & 0x7f) | 0x80);
            message[4] = (byte) (content >> 14);
            return message;
        }
    }

    private final class Handler extends GatewayServiceImplBase {

        @Override
        public void getStats(GetStatsRequest request, StreamObserver<GetStatsResponse> to) {
            to.onNext(GetStatsResponse.getDefaultInstance());
            to.onCompleted();
        }

        @Override
        public StreamObserver<ProcessToolCallsRequest> processToolCalls(StreamObserver<ProcessToolCallsResponse> to) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ProcessToolCallsRequest request) {
                    received.incrementAndGet();
                }

                @Override
                public void onError(Throwable cause) {}

                @Override
                public void onCompleted() {
                    to.onCompleted();
                }
            };
        }
    }
}
