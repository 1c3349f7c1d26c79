package io.agentpassport.server.cli;

import io.agentpassport.client.Page;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of a list to show. */
class PageOptions {

    private static final int MOST = 10_000;
    private static final int PAGE = 100;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50",
            description = "How many at most, 1 to 10000. Default: ${DEFAULT-VALUE}.")
    Integer limit = 50;

    @Option(names = "--page-token", paramLabel = "TOKEN",
            description = "Where to go on, as the list before said at its end.")
    @Nullable
    String pageToken;

    /** One page of the service's. */
    interface Source<T> {
        Page<T> page(int size, @Nullable String token);
    }

    /** Refuses what cannot be asked for. */
    void check() {
        Bounds.number("--limit", limit, 1, MOST);
    }

    /** As many as were asked for. */
    final <T> Page<T> read(Source<T> source) {
        check();
        var items = new ArrayList<T>();
        String token = pageToken;
        do {
            Page<T> page = source.page(Math.min(PAGE, limit - items.size()), token);
            items.addAll(page.items());
            token = page.nextToken();
        } while (token != null && items.size() < limit);
        return new Page<>(items, token);
    }

    /** Prints a page: {@code {"NAME":[...],"next_page_token":...}}, or the table and how to go on. */
    final <T> void print(CliContext context, JsonOption json, String name, Page<T> page,
            Function<T, JsonObject> document,
            Table table) {
        List<JsonValue> documents = page.items().stream().<JsonValue>map(document).toList();
        String next = page.nextToken();
        var lines = new ArrayList<String>(table.linesOrNone());
        if (next != null) {
            lines.add("There are more: repeat this with --page-token " + CliContext.quoted(next));
        }
        json.print(context, JsonObject.builder()
                .put(name, new JsonArray(documents))
                .put("next_page_token", next)
                .build(), lines.toArray(new String[0]));
    }
}
