package io.agentpassport.server.upstream;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.ToolName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream says that a tool is: of an MCP Tool the members name, title, description, inputSchema, outputSchema,
 * annotations and _meta, and nothing else of it.
 *
 * @param json
 *            these members, at most {@link #MAX_BYTES} in canonical form
 * @param digest
 *            {@code sha256:HEX} of the canonical form
 */
public record ToolDefinition(JsonObject json, String digest) {

    /** The largest definition, in bytes of canonical JSON. */
    public static final int MAX_BYTES = 64 * 1024;

    /** What is pinned. Which of them are words for people, and which change what the tool is. */
    private static final Set<String> WORDS = Set.of("title", "description");
    private static final List<String> MEMBERS = List.of("name", "title", "description", "inputSchema", "outputSchema",
            "annotations", "_meta");
    private static final List<String> OBJECTS = List.of("inputSchema", "outputSchema", "annotations", "_meta");

    /** What reading answers: {@link Read} or {@link Unfit}. */
    public sealed interface Reading {}

    /** It is one. */
    public record Read(ToolDefinition definition) implements Reading {}

    /**
     * It is not.
     *
     * @param problem
     *            for people
     */
    public record Unfit(String problem) implements Reading {}

    /** Reads an entry of a list of tools. */
    public static Reading read(JsonValue entry) {
        if (!(entry instanceof JsonObject tool)) {
            return new Unfit("a tool that is not an object");
        }
        String name = tool.string("name");
        if (name == null || !ToolName.isName(name)) {
            return new Unfit("a tool whose name is not 1 to 128 of A-Z a-z 0-9 _ . -");
        }
        JsonObject.Builder kept = JsonObject.builder();
        for (String member : MEMBERS) {
            JsonValue value = tool.get(member);
            if (value != null) {
                if (OBJECTS.contains(member) ? !(value instanceof JsonObject) : tool.string(member) == null) {
                    return new Unfit(name + ": its " + member + " has the wrong type");
                }
                kept.put(member, value);
            }
        }
        JsonObject json = kept.build();
        if (!json.has("inputSchema")) {
            return new Unfit(name + ": it has no inputSchema");
        }
        byte[] canonical = Jcs.bytes(json);
        return canonical.length > MAX_BYTES ? new Unfit(name + ": its definition is larger than 64 KiB")
                : new Read(new ToolDefinition(json, Digest.sha256Text(canonical)));
    }

    /** Its name at the upstream. */
    public String name() {
        return Objects.requireNonNull(json.string("name"));
    }

    /** The members that differ, in the order in which they are pinned. */
    public List<String> differences(ToolDefinition other) {
        var differences = new ArrayList<String>();
        for (String member : MEMBERS) {
            @Nullable
            JsonValue mine = json.get(member);
            if (!Objects.equals(mine, other.json.get(member))) {
                differences.add(member);
            }
        }
        return List.copyOf(differences);
    }

    /** Whether such a difference is one of words for people, which changes nothing of what the tool is. */
    public static boolean isOfWords(List<String> differences) {
        return WORDS.containsAll(differences);
    }
}
