package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a partition must look like when commands simply run one after the other: a map. */
final class SerialModel {

    private final Map<String, Cell> cells;

    record Cell(Object value, Instant expiresAt) {}

    SerialModel() {
        this(new TreeMap<>());
    }

    private SerialModel(Map<String, Cell> cells) {
        this.cells = cells;
    }

    SerialModel copy() {
        return new SerialModel(new TreeMap<>(cells));
    }

    /** What can be seen at an instant. */
    Map<String, Cell> live(Instant now) {
        return cells.entrySet()
                .stream()
                .filter(e -> now.isBefore(e.getValue().expiresAt))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    static String name(Keyspace<?, ?> keyspace, Object key) {
        return keyspace.name() + "/" + key;
    }

    /** What a simulated command sees of either the model or the partition. */
    interface View {
        Instant now();

        <K, V> @Nullable V get(Keyspace<K, V> keyspace, K key);

        <K, V> void put(Keyspace<K, V> keyspace, K key, V value, Instant expiresAt);

        <K, V> void delete(Keyspace<K, V> keyspace, K key);

        default long number(Keyspace<String, Long> keyspace, String key) {
            Long value = get(keyspace, key);
            return value == null ? 0 : value;
        }

        default <K, V> void put(Keyspace<K, V> keyspace, K key, V value) {
            put(keyspace, key, value, StoredRow.NEVER);
        }
    }

    View at(Instant now) {
        return new View() {
            @Override
            public Instant now() {
                return now;
            }

            @Override
            @SuppressWarnings("unchecked")
            public <K, V> @Nullable V get(Keyspace<K, V> keyspace, K key) {
                Cell cell = cells.get(name(keyspace, key));
                return cell == null || !now.isBefore(cell.expiresAt) ? null : (V) cell.value;
            }

            @Override
            public <K, V> void put(Keyspace<K, V> keyspace, K key, V value, Instant expiresAt) {
                cells.put(name(keyspace, key), new Cell(value, expiresAt));
            }

            @Override
            public <K, V> void delete(Keyspace<K, V> keyspace, K key) {
                cells.remove(name(keyspace, key));
            }
        };
    }

    static View of(Rows rows) {
        return new View() {
            @Override
            public Instant now() {
                return rows.now();
            }

            @Override
            public <K, V> @Nullable V get(Keyspace<K, V> keyspace, K key) {
                return rows.get(keyspace, key);
            }

            @Override
            public <K, V> void put(Keyspace<K, V> keyspace, K key, V value, Instant expiresAt) {
                rows.put(keyspace, key, value, expiresAt);
            }

            @Override
            public <K, V> void delete(Keyspace<K, V> keyspace, K key) {
                rows.delete(keyspace, key);
            }
        };
    }
}
