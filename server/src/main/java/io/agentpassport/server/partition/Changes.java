package io.agentpassport.server.partition;

import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one commit changed: each row once, as the whole group left it. */
public final class Changes {

    private final Head head;
    private final List<Row> rows;

    Changes(Head head, List<Row> rows) {
        this.head = head;
        this.rows = rows;
    }

    /** The number of the commit, one more than that of the one before. */
    public long seq() {
        return head.seq();
    }

    /** The time the commit was decided at. */
    public Instant now() {
        return head.clock();
    }

    /** Hands over every changed row of a keyspace. */
    public <K, V> void forEach(Keyspace<K, V> keyspace, Each<K, V> each) {
        for (Row row : rows) {
            if (row.keyspace.id() == keyspace.id()) {
                each.changed(row.keyAs(keyspace), row.valueAs(keyspace), row.expiresAt());
            }
        }
    }

    /** Takes changed rows. */
    @FunctionalInterface
    public interface Each<K, V> {

        /**
         * Takes one.
         *
         * @param value
         *            null when the row was deleted
         * @param expiresAt
         *            {@link StoredRow#NEVER} when it stays
         */
        void changed(K key, @Nullable V value, Instant expiresAt);
    }
}
