package io.agentpassport.server.audit;

import static io.agentpassport.server.audit.LoggedPartition.about;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.server.audit.EntryWatches.Closed;
import io.agentpassport.server.audit.EntryWatches.OutOfRange;
import io.agentpassport.server.audit.EntryWatches.TooMany;
import io.agentpassport.server.audit.EntryWatches.Watch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryWatchesTest {

    private static final EntryQuery ALL = new EntryQuery(0, null, false);

    @AutoClose
    private LoggedPartition logged;

    @BeforeEach
    void open(@TempDir Path folder) {
        logged = new LoggedPartition(folder, new AuditLimits(4, 2, Duration.ofSeconds(30)));
    }

    @Test
    void whatIsThereComesFirstAndThenWhatIsAppended() {
        append(200, "a");
        var reader = new Reader();
        watch(ALL, reader);
        append(5, "a");
        logged.deliver();

        assertThat(reader.indexes).containsExactlyElementsOf(LongStream.range(0, 205).boxed().toList());
        assertThat(Checkpoint.open(reader.checkpoint, logged.audit.logKey())).isInstanceOfSatisfying(
                Checkpoint.Opened.class, opened -> assertThat(opened.checkpoint().size()).isEqualTo(205));
    }

    @Test
    void aFilterPassesOverTheOthers() {
        append(3_000, "b");
        append(2, "a");
        var reader = new Reader();
        watch(new EntryQuery(0, "a", false), reader);
        logged.deliver();

        assertThat(reader.indexes).containsExactly(3_000L, 3_001L);
    }

    @Test
    void aReaderThatTakesNothingForTooLongIsClosedAndComesBack() {
        append(10, "a");
        var reader = new Reader();
        reader.room = 4;
        watch(ALL, reader);
        logged.deliver();
        logged.audit.refresh();
        logged.deliver();
        assertThat(reader.closed).isNull();
        logged.clock.move(Duration.ofSeconds(31));
        logged.audit.refresh();
        logged.deliver();

        assertThat(reader.closed).isEqualTo(Closed.TOO_SLOW);
        var again = new Reader();
        watch(new EntryQuery(reader.indexes.size(), null, false), again);
        logged.deliver();
        assertThat(again.indexes).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void aReaderThatHasRoomAgainGoesOn() {
        append(10, "a");
        var reader = new Reader();
        reader.room = 4;
        Watch watch = watch(ALL, reader);
        logged.deliver();
        reader.room = 100;
        watch.ready();
        logged.deliver();

        assertThat(reader.indexes).hasSize(10);
    }

    @Test
    void asManyWatchAsMayAndNoneBeyondTheEnd() {
        assertThat(logged.audit.watch(logged.log, new EntryQuery(1, null, false), new Reader()))
                .isEqualTo(new OutOfRange(0));
        var first = new Reader();
        watch(ALL, first);
        Watch second = watch(ALL, new Reader());

        assertThat(logged.audit.watch(logged.log, ALL, new Reader())).isEqualTo(new TooMany());
        second.close();
        watch(ALL, new Reader());
        logged.audit.close();
        assertThat(first.closed).isEqualTo(Closed.STOPPING);
    }

    private void append(int count, String agent) {
        for (int i = 0; i < count; i += 50) {
            var drafts = new ArrayList<EntryDraft>();
            for (int j = i; j < Math.min(i + 50, count); j++) {
                drafts.add(about(agent));
            }
            logged.append(List.copyOf(drafts));
        }
    }

    private Watch watch(EntryQuery query, Reader reader) {
        EntryWatches.Outcome outcome = logged.audit.watch(logged.log, query, reader);
        assertThat(outcome).isInstanceOf(Watch.class);
        return (Watch) outcome;
    }

    private static final class Reader implements EntryWatches.Reader {
        private final List<Long> indexes = new ArrayList<>();
        private String checkpoint = "";
        private int room = Integer.MAX_VALUE;
        private @Nullable Closed closed;

        @Override
        public boolean isReady() {
            return indexes.size() < room;
        }

        @Override
        public void next(LoggedEntry entry, String note) {
            indexes.add(entry.index());
            checkpoint = note;
        }

        @Override
        public void closed(Closed why) {
            closed = why;
        }
    }
}
