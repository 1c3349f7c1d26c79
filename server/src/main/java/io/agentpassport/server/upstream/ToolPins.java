package io.agentpassport.server.upstream;

import io.agentpassport.server.partition.Changes;
import io.agentpassport.server.partition.CommitListener;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.upstream.mcp.ForeignText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All pins in memory, and the catalogue that follows from them: an immutable snapshot each, swapped after each commit and
 * before anyone is answered.
 */
final class ToolPins implements CommitListener {

    /** The most tools of one upstream, those included that it has no more. */
    static final int MOST_OF_ONE = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(ToolPins.class);

    private final Partition service;
    private final Set<String> upstreams;
    private volatile Snapshot current;

    /** One moment; pins of upstreams that are configured no more are not in it. */
    private record Snapshot(NavigableMap<String, ToolPin> pins, ToolCatalogue catalogue) {}

    private ToolPins(Partition service, Set<String> upstreams) {
        this.service = service;
        this.upstreams = Set.copyOf(upstreams);
        NavigableMap<String, ToolPin> pins = new TreeMap<>();
        service.forEach(UpstreamRows.PINS, KeyRange.all(), row -> {
            if (upstreams.contains(row.value().upstream())) {
                pins.put(row.key(), row.value());
            }
        });
        this.current = snapshot(pins, ToolCatalogue.EMPTY);
    }

    /** Reads what is stored and listens to the partition, which is not started yet. */
    static ToolPins load(Partition service, Set<String> upstreams) {
        ToolPins pins = new ToolPins(service, upstreams);
        service.listen(pins);
        return pins;
    }

    ToolCatalogue catalogue() {
        return current.catalogue;
    }

    /** All pins of upstreams that are configured, by {@code upstream/name}. */
    NavigableMap<String, ToolPin> all() {
        return current.pins;
    }

    /** Those of one upstream, by name. */
    Map<String, ToolPin> of(String upstream) {
        // '0' follows '/'.
        Map<String, ToolPin> byName = new HashMap<>();
        current.pins.subMap(upstream + "/", true, upstream + "0", false)
                .values()
                .forEach(pin -> byName.put(pin.name(), pin));
        return byName;
    }

    /**
     * Takes down what an upstream says that its tools are; costs nothing when it is what it said before.
     *
     * @return completes when the catalogue says so too
     */
    CompletableFuture<Void> observe(String upstream, List<ToolDefinition> offered, FirstSight firstSight) {
        Map<String, ToolPin> known = of(upstream);
        Map<String, ToolDefinition> news = new HashMap<>();
        int room = MOST_OF_ONE - known.size();
        Map<String, ToolPin> absent = new HashMap<>(known);
        for (ToolDefinition definition : offered) {
            ToolPin pin = absent.remove(definition.name());
            boolean same = pin != null && !pin.gone() && pin.current().equals(definition)
                    && (firstSight == FirstSight.WAITS || pin.accepted() != null || pin.quarantine() != null);
            if (pin == null && room-- <= 0) {
                LOG.warn("upstream {}: it has had more than {} tools; {} is left out", upstream, MOST_OF_ONE,
                        definition.name());
            } else if (!same) {
                news.put(definition.name(), definition);
            }
        }
        List<String> gone = absent.values().stream().filter(pin -> !pin.gone()).map(ToolPin::name).toList();
        List<CompletableFuture<?>> commits = new ArrayList<>();
        chunks(List.copyOf(news.keySet())).forEach(names -> {
            Map<String, ToolDefinition> chunk = new HashMap<>();
            names.forEach(name -> chunk.put(name, news.get(name)));
            commits.add(service.submit(new ObserveTools(upstream, chunk, List.of(), firstSight)));
        });
        chunks(gone).forEach(
                names -> commits.add(service.submit(new ObserveTools(upstream, Map.of(), names, firstSight))));
        return CompletableFuture.allOf(commits.toArray(new CompletableFuture<?>[0]));
    }

    private static List<List<String>> chunks(List<String> names) {
        List<List<String>> chunks = new ArrayList<>();
        for (int from = 0; from < names.size(); from += ObserveTools.MOST) {
            chunks.add(names.subList(from, Math.min(names.size(), from + ObserveTools.MOST)));
        }
        return chunks;
    }

    /** Swaps the snapshot; on the writer's thread. */
    @Override
    public void committed(Changes changes) {
        Map<String, ToolPin> puts = new HashMap<>();
        List<String> deletes = new ArrayList<>();
        changes.forEach(UpstreamRows.PINS, (key, pin, expiresAt) -> {
            if (pin == null) {
                deletes.add(key);
            } else if (upstreams.contains(pin.upstream())) {
                puts.put(key, pin);
            }
        });
        if (puts.isEmpty() && deletes.isEmpty()) {
            return;
        }
        Snapshot before = current;
        NavigableMap<String, ToolPin> pins = new TreeMap<>(before.pins);
        deletes.forEach(pins::remove);
        pins.putAll(puts);
        current = snapshot(pins, before.catalogue);
        puts.values().forEach(ToolPins::tell);
    }

    /** Keeps each tool as the object that it was, unless something of it changed. */
    private static Snapshot snapshot(NavigableMap<String, ToolPin> pins, ToolCatalogue before) {
        List<Tool> tools = new ArrayList<>();
        for (ToolPin pin : pins.values()) {
            Tool tool = pin.tool();
            if (tool != null) {
                Tool kept = before.named(tool.text());
                tools.add(kept != null && kept.definitionDigest().equals(tool.definitionDigest()) ? kept : tool);
            }
        }
        return new Snapshot(Collections.unmodifiableNavigableMap(pins), new ToolCatalogue(tools));
    }

    private static void tell(ToolPin pin) {
        switch (pin.state()) {
            case QUARANTINED ->
                LOG.warn("tool {} may not be called: {}", pin.text(), ForeignText.bounded(pin.difference(), 256));
            case NEW -> LOG.info("tool {} waits to be accepted: ./passport upstreams accept {} {}", pin.text(),
                    pin.text(), pin.current().digest());
            case ACCEPTED -> {
                if (pin.offered() != null) {
                    LOG.warn("tool {}: {}; agents go on seeing what was accepted", pin.text(), pin.difference());
                }
            }
            case GONE -> LOG.info("tool {} is gone", pin.text());
        }
    }
}
