package io.agentpassport.server.cli;

import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.CallableTool;
import io.agentpassport.client.Page;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.UpstreamToolRecord;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.gateway.grant.ToolPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tools that there are, as far as who asks can know them. A grant may name others, whose upstream comes later; so what
 * matches none of these is told, and not refused.
 *
 * @param whose whose tools these are, as it is told
 * @param names each with its upstream
 * @param unknown why they could not be asked for; null when they were
 */
record KnownTools(String whose, List<ToolName> names, @Nullable String unknown) {

    /** What a service offers, accepted or not: as an admin. */
    static KnownTools ofService(PassportClient admin) {
        return asked("that the service has; upstreams tools lists them", token -> {
            Page<UpstreamToolRecord> page = admin.upstreams().tools(null, token);
            return new Page<>(page.items()
                    .stream()
                    .filter(tool -> !tool.state().equals("gone"))
                    .map(tool -> tool.upstream() + "/" + tool.name())
                    .toList(), page.nextToken());
        });
    }

    /** What an agent may call itself. */
    static KnownTools ofAgent(AuthenticatedSession session) {
        return asked("that this agent may call itself; tools lists them", token -> {
            Page<CallableTool> page = session.tools().list(null, token);
            return new Page<>(page.items().stream().map(CallableTool::name).toList(), page.nextToken());
        });
    }

    private static KnownTools asked(String whose, Function<@Nullable String, Page<String>> pages) {
        List<ToolName> names = new ArrayList<>();
        try {
            String token = null;
            do {
                Page<String> page = pages.apply(token);
                page.items().stream().map(ToolName::fromText).filter(name -> name != null).forEach(names::add);
                token = page.nextToken();
            } while (token != null);
        } catch (PassportException e) {
            // The grant is made; that nobody can tell what it matches does not undo it.
            return new KnownTools(whose, List.of(), String.valueOf(e.getMessage()));
        }
        return new KnownTools(whose, List.copyOf(names), null);
    }

    /** Those of the patterns that match none of the tools; none when the tools are not known. */
    List<String> unmatched(List<String> patterns) {
        return unknown != null ? List.of() : patterns.stream().filter(text -> {
            ToolPattern pattern = ToolPattern.fromText(text);
            return pattern != null
                    && names.stream().noneMatch(tool -> pattern.matches(String.valueOf(tool.upstream()), tool.name()));
        }).toList();
    }

    /** Adds what is told of the patterns of a grant to its answer. */
    static void tell(Supplier<KnownTools> tools, List<String> patterns, JsonObject.Builder document,
            List<String> lines) {
        KnownTools known = tools.get();
        List<String> unmatched = known.unmatched(patterns);
        document.put("tools_unmatched", JsonArray.ofStrings(unmatched));
        unmatched
                .forEach(pattern -> lines.add("note         " + pattern + " matches none of the tools " + known.whose));
        if (known.unknown != null) {
            lines.add("note         whether its tools exist could not be asked: " + known.unknown);
        }
    }
}
