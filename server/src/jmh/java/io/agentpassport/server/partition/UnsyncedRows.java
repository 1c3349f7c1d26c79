package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The rows of a partition without its store: what a command costs the writer until its group is handed to the disk. */
public final class UnsyncedRows {

    private final RowCache cache;
    private final Staging staging;
    private final Rows rows;
    private long seq;

    public UnsyncedRows(List<Keyspace<?, ?>> keyspaces) {
        cache = new RowCache(Keyspaces.of(keyspaces), PartitionLimits.DEFAULT.residentRows());
        staging = new Staging(cache, PartitionLimits.DEFAULT);
        rows = new Rows(cache, staging);
    }

    /** Decides, as a group of its own. */
    public <R> R run(Instant now, Command<R> command) {
        while (true) {
            rows.begin(now);
            try {
                R result = command.decide(rows);
                rows.end();
                staging.keep();
                staging.committed(++seq);
                cache.shrink();
                return result;
            } catch (Bounce bounce) {
                Wanted wanted = Objects.requireNonNull(rows.end());
                staging.discard();
                cache.offer(new LoadedRow(wanted.keyspace(), wanted.key(), null, 0, seq));
            }
        }
    }
}
