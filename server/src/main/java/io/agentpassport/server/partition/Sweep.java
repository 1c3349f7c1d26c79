package io.agentpassport.server.partition;

import io.agentpassport.server.store.ExpiredKeys;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes rows that have expired and still take space. It goes through the queue like anything else and looks at each row
 * once more on the writer, so that one that was put again stays.
 */
final class Sweep implements Command<Integer> {

    private final List<Candidate<?>> candidates;

    private record Candidate<K>(Keyspace<K, ?> keyspace, K key) {

        static <K> Candidate<K> of(Keyspace<K, ?> keyspace, byte[] key) {
            return new Candidate<>(keyspace, keyspace.keys().decode(key));
        }

        void load(RowReader rows) {
            rows.load(keyspace, key);
        }

        boolean deleteIfGone(Rows rows) {
            if (rows.get(keyspace, key) != null) {
                return false;
            }
            rows.delete(keyspace, key);
            return true;
        }
    }

    /** Rows of keyspaces that this version does not know are left alone. */
    Sweep(Keyspaces keyspaces, List<ExpiredKeys.Key> expired) {
        candidates = new ArrayList<>(expired.size());
        for (ExpiredKeys.Key key : expired) {
            Keyspace<?, ?> keyspace = keyspaces.byId(key.keyspace());
            if (keyspace != null) {
                candidates.add(Candidate.of(keyspace, key.key()));
            }
        }
    }

    @Override
    public void prefetch(RowReader rows) {
        candidates.forEach(candidate -> candidate.load(rows));
    }

    /** How many were deleted. */
    @Override
    public Integer decide(Rows rows) {
        int deleted = 0;
        for (Candidate<?> candidate : candidates) {
            deleted += candidate.deleteIfGone(rows) ? 1 : 0;
        }
        return deleted;
    }
}
