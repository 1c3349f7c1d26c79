package io.agentpassport.server.gateway.limit;

import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Page;
import io.agentpassport.server.store.StoredRow;
import java.util.List;

/**
 * Counters that counted by a clock which was ahead. Left alone they would hold back whoever used them up until that time
 * comes; forgotten, a limit would be exceeded. So what they count counts as of now.
 */
public final class CountersAhead {

    private static final int AT_ONCE = 128;

    private CountersAhead() {}

    /** Brings back those of a partition whose time was lowered; reads and writes, and returns when it is durable. */
    public static void bringBack(Partition partition) {
        byte[] from = new byte[0];
        while (from != null) {
            Page<CounterId, CounterState> page = partition.scan(LimitRows.COUNTERS,
                    KeyRange.all().startingAt(from), AT_ONCE);
            partition.submit(new BringBack(page.rows().stream().map(StoredRow::key).toList())).join();
            from = page.next();
        }
    }

    private record BringBack(List<CounterId> counters) implements Command<Boolean> {

        @Override
        public void prefetch(RowReader rows) {
            counters.forEach(counter -> rows.load(LimitRows.COUNTERS, counter));
        }

        @Override
        public Boolean decide(Rows rows) {
            for (CounterId counter : counters) {
                CounterState before = rows.get(LimitRows.COUNTERS, counter);
                CounterState after = before == null ? null
                        : before.broughtBack(counter.window(), rows.now().toEpochMilli());
                if (after != null) {
                    LimitRows.put(rows, counter, after);
                }
            }
            return true;
        }
    }
}
