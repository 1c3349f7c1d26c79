package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.proto.v1.ProcessToolCallsRequest;
import io.agentpassport.proto.v1.ProcessToolCallsResponse;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.TestServer;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A stream holds no more for an agent that does not read than it had room for, and not for ever. */
class ToolCallStreamsTest {

    private final List<String> refused = new ArrayList<>();
    private final MutableClock clock = new MutableClock(Instant.parse("2030-01-01T00:00:00Z"));
    private final ToolCallStreams streams = new ToolCallStreams(agent -> SessionState.ACTIVE,
            new Incidents(new RequestId.Source(TestServer.NONCES)),
            new Refusals((peer, reason) -> refused.add(peer + " " + reason)), clock);
    private final Wire wire = new Wire();
    private final StreamObserver<ProcessToolCallsRequest> stream = streams.open(
            new Caller.Agent(new Identity("localhost", "agent:alice"), new SessionId("sha256:" + "ab".repeat(32))),
            wire, call -> {
                throw new AssertionError("what is malformed is not processed");
            });

    @Test
    void noMoreCallsAreTakenThanWereAnsweredAndRead() {
        assertThat(wire.room).isEqualTo(ToolCallStreams.CALLS);
        malformed(10);
        assertThat(wire.room).isEqualTo(ToolCallStreams.CALLS);
        wire.ready = false;
        malformed(ToolCallStreams.CALLS);
        assertThat(wire.room).isZero();
        assertThat(wire.answers).isEqualTo(10 + ToolCallStreams.CALLS);

        wire.read();
        assertThat(wire.room).isEqualTo(ToolCallStreams.CALLS);
        assertThat(refused).hasSize(10 + ToolCallStreams.CALLS)
                .containsOnly("agent agent:alice@localhost INVALID_FIELD");
    }

    @Test
    void aStreamWhoseAnswersAreNotReadForTooLongEnds() {
        wire.ready = false;
        malformed(5);
        streams.refresh();
        clock.move(ToolCallStreams.STALL);
        streams.refresh();
        assertThat(wire.ended).isNull();
        clock.move(Duration.ofMillis(1));
        streams.refresh();

        assertThat(Status.fromThrowable(wire.ended).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        malformed(1);
        assertThat(wire.answers).isEqualTo(5);
    }

    @Test
    void aStreamThatIsReadNowAndThenStays() {
        for (int i = 0; i < 4; i++) {
            wire.ready = false;
            malformed(1);
            streams.refresh();
            clock.move(ToolCallStreams.STALL);
            wire.read();
            streams.refresh();
        }
        assertThat(wire.ended).isNull();
    }

    private void malformed(int calls) {
        for (int i = 0; i < calls; i++) {
            wire.room--;
            stream.onNext(ProcessToolCallsRequest.getDefaultInstance());
        }
    }

    /** The other end of a stream, whose window opens when the test says so. */
    private static final class Wire extends ServerCallStreamObserver<ProcessToolCallsResponse> {

        private Runnable onReady = () -> {};
        private boolean ready = true;
        private int room;
        private int answers;
        private @Nullable Throwable ended;

        void read() {
            ready = true;
            onReady.run();
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void request(int count) {
            room += count;
        }

        @Override
        public void onNext(ProcessToolCallsResponse answer) {
            answers++;
        }

        @Override
        public void onError(Throwable error) {
            ended = error;
        }

        @Override
        public void onCompleted() {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void disableAutoRequest() {}

        @Override
        @SuppressWarnings("deprecation") // it must be there
        public void disableAutoInboundFlowControl() {}
    }
}
