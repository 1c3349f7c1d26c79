package io.agentpassport.server.store;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All keyspaces of the service, listed once by the composition root: no id and no name stands for two things. */
public final class Keyspaces {

    private final Map<Integer, Keyspace<?, ?>> byId;

    private Keyspaces(Map<Integer, Keyspace<?, ?>> byId) {
        this.byId = byId;
    }

    /**
     * The list.
     *
     * @throws IllegalArgumentException
     *             when two of them share an id or a name
     */
    public static Keyspaces of(Collection<? extends Keyspace<?, ?>> keyspaces) {
        Map<Integer, Keyspace<?, ?>> byId = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (Keyspace<?, ?> keyspace : keyspaces) {
            Keyspace<?, ?> other = byId.putIfAbsent(keyspace.id(), keyspace);
            if (other != null) {
                throw new IllegalArgumentException("keyspaces " + other + " and " + keyspace + " share an id");
            }
            if (!names.add(keyspace.name())) {
                throw new IllegalArgumentException("two keyspaces are named " + keyspace.name());
            }
        }
        return new Keyspaces(byId);
    }

    /** The list, see {@link #of(Collection)}. */
    public static Keyspaces of(Keyspace<?, ?>... keyspaces) {
        return of(List.of(keyspaces));
    }

    /** The keyspace with this id, or null when there is none. */
    public @Nullable Keyspace<?, ?> byId(int id) {
        return byId.get(id);
    }

    /** All of them, by id. */
    public List<Keyspace<?, ?>> all() {
        return byId.values()
                .stream()
                .<Keyspace<?, ?>>map(k -> k)
                .sorted(Comparator.comparingInt(Keyspace::id))
                .toList();
    }
}
