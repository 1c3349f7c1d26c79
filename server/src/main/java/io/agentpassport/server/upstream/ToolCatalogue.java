package io.agentpassport.server.upstream;

import io.agentpassport.core.toolcall.ToolName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tools that can be called, at one moment. Immutable; a tool is the same object in each catalogue until something of it
 * changes.
 */
public final class ToolCatalogue {

    /** Without tools. */
    public static final ToolCatalogue EMPTY = new ToolCatalogue(List.of());

    private final NavigableMap<String, Tool> byText = new TreeMap<>();
    private final Map<String, Tool> byBareName = new HashMap<>();

    ToolCatalogue(Iterable<Tool> tools) {
        Set<String> several = new HashSet<>();
        for (Tool tool : tools) {
            byText.put(tool.text(), tool);
            if (byBareName.put(tool.name(), tool) != null) {
                several.add(tool.name());
            }
        }
        byBareName.keySet().removeAll(several);
    }

    /** The tool of that name, or null: when none can be called, and when a bare name is that of several. */
    public @Nullable Tool resolve(ToolName name) {
        return name.upstream() == null ? byBareName.get(name.name()) : byText.get(name.text());
    }

    @Nullable
    Tool named(String text) {
        return byText.get(text);
    }

    /** All of them, by {@code upstream/name}. */
    public List<Tool> list() {
        return List.copyOf(byText.values());
    }
}
