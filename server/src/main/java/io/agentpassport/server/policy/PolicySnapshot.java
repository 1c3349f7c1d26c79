package io.agentpassport.server.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The newest version of every policy at one moment. Immutable. */
public final class PolicySnapshot {

    private final Map<String, PolicyVersion> newest;

    PolicySnapshot(Map<String, PolicyVersion> newest) {
        this.newest = new HashMap<>(newest);
    }

    /** The version that judges calls, or null when there is no such policy. */
    public @Nullable PolicyVersion newest(String id) {
        return newest.get(id);
    }

    /** All of them, by id. */
    public List<PolicyVersion> all() {
        return List.copyOf(new TreeMap<>(newest).values());
    }

    /** How many there are. */
    public int size() {
        return newest.size();
    }

    PolicySnapshot with(Map<String, PolicyVersion> put) {
        var after = new HashMap<>(newest);
        after.putAll(put);
        return new PolicySnapshot(after);
    }
}
