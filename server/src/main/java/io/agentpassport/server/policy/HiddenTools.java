package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.ToolName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tools that nobody under a document may see, by name ({@code name}, {@code upstream/name}) or by a beginning. */
final class HiddenTools {

    /** By name, with its place in the list. */
    private final Map<String, Integer> names = new HashMap<>();
    /** Beginnings, with their places. */
    private final List<Map.Entry<String, Integer>> beginnings = new ArrayList<>();
    /** Whether any of them names an upstream, so that the whole name must be looked at. */
    private boolean namesUpstreams;

    static HiddenTools read(Members document) {
        var hidden = new HiddenTools();
        List<JsonValue> values = document.list("hide", PolicyLimits.HIDDEN);
        for (int i = 0; i < values.size(); i++) {
            String name = values.get(i) instanceof JsonString text ? text.value() : "";
            hidden.namesUpstreams |= name.indexOf('/') >= 0;
            boolean ends = name.endsWith("*") && name.length() > 1;
            String plain = ends ? name.substring(0, name.length() - 1) : name;
            if (ToolName.fromText(ends ? plain + "x" : plain) == null) {
                document.problems.add(Pointer.to(document.at("hide"), i),
                        "must be a tool, NAME or UPSTREAM/NAME, or the beginning of one and *");
            } else if (ends) {
                hidden.beginnings.add(Map.entry(plain, i));
            } else if (hidden.names.putIfAbsent(name, i) != null) {
                document.problems.add(Pointer.to(document.at("hide"), i), "stands twice");
            }
        }
        return hidden;
    }

    /** The place in the list that hides a tool, or -1. */
    int place(String upstream, String tool) {
        if (names.isEmpty() && beginnings.isEmpty()) {
            return -1;
        }
        String full = namesUpstreams ? upstream + "/" + tool : tool;
        Integer place = names.get(tool);
        if (place == null && namesUpstreams) {
            place = names.get(full);
        }
        if (place != null) {
            return place;
        }
        for (Map.Entry<String, Integer> beginning : beginnings) {
            if (tool.startsWith(beginning.getKey()) || full.startsWith(beginning.getKey())) {
                return beginning.getValue();
            }
        }
        return -1;
    }

    /** Whether an entry of that name can never be asked. */
    boolean hidesEntry(String name) {
        ToolName tool = ToolName.fromText(name);
        return tool != null && place(tool.upstream() == null ? "" : tool.upstream(), tool.name()) >= 0;
    }
}
