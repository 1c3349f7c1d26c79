package io.agentpassport.server.gateway.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever follows approvals and does not read gives its place back. */
class ApprovalWatchesTest {

    private final MutableClock clock = new MutableClock(Instant.parse("2030-01-01T00:00:00Z"));
    private final Queue<Runnable> deliveries = new ArrayDeque<>();
    private final ApprovalWatches watches = new ApprovalWatches(deliveries::add, clock);

    /** Reads when the test says so. */
    private static final class Reader implements ApprovalWatches.Reader {
        private final List<Approval> read = new ArrayList<>();
        private int room;
        private ApprovalWatches.@Nullable Closed closed;

        @Override
        public boolean isReady() {
            return room > 0;
        }

        @Override
        public void next(Approval approval, Instant since) {
            room--;
            read.add(approval);
        }

        @Override
        public void closed(ApprovalWatches.Closed why) {
            closed = why;
        }
    }

    private void deliver() {
        for (Runnable next = deliveries.poll(); next != null; next = deliveries.poll()) {
            next.run();
        }
    }

    private Approval approval(int number) {
        var request = new Approval.Request(new Identity("example.org", "agent:a"), "h", "p", "r", "d", "shop/pay",
                JsonObject.EMPTY, "g", "open@1", "definition", "/rule", "", 1, List.of(), false, List.of());
        return new Approval(new ApprovalId("appr_0001%020x".formatted(number)), request, List.of(),
                Approval.State.PENDING, clock.instant(), clock.instant().plusSeconds(600));
    }

    private void refresh() {
        watches.closeStalled();
        deliver();
    }

    @Test
    void aReaderThatLeavesWhatThereIsForTooLongIsClosed() {
        var reader = new Reader();
        ApprovalWatches.Watch watch = watches.open(null, null, reader);
        watch.offerFirst(approval(1));
        deliver();

        clock.move(ApprovalWatches.STALL);
        refresh();
        assertThat(reader.closed).isNull();
        clock.move(Duration.ofMillis(1));
        refresh();

        assertThat(reader.closed).isEqualTo(ApprovalWatches.Closed.TOO_SLOW);
        assertThat(reader.read).isEmpty();
        assertThat(watches.count()).isZero();
    }

    @Test
    void aReaderThatReadsNowAndThenOrHasNothingToReadStays() {
        var slow = new Reader();
        var idle = new Reader();
        ApprovalWatches.Watch watch = watches.open(null, null, slow);
        watches.open(null, null, idle);
        for (int i = 0; i < 10; i++) {
            watch.offerFirst(approval(i));
        }
        for (int i = 0; i < 5; i++) {
            deliver();
            clock.move(ApprovalWatches.STALL);
            refresh();
            slow.room = 1;
            watch.ready();
            deliver();
        }

        assertThat(slow.closed).isNull();
        assertThat(slow.read).hasSize(5);
        assertThat(idle.closed).isNull();
        assertThat(watches.count()).isEqualTo(2);
    }
}
