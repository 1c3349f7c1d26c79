package io.agentpassport.server.upstream;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An MCP server over HTTP with one tool, {@code act}; each method can be made to misbehave. */
final class FakeServer implements AutoCloseable {

    static final String ACT = "{\"name\":\"act\",\"description\":\"Acts.\",\"inputSchema\":{\"type\":\"object\"}}";

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.TOOL_ARGUMENTS);

    private final Map<String, Misbehaviour> odd = new ConcurrentHashMap<>();
    private final RawHttp http;
    private volatile String tools = ACT;

    /** What is sent instead of the usual. */
    @FunctionalInterface
    interface Misbehaviour {
        void answer(long id, OutputStream out) throws IOException;
    }

    FakeServer() throws IOException {
        this("127.0.0.1", 0);
    }

    FakeServer(String address, int port) throws IOException {
        http = new RawHttp(address, port, this::answer);
    }

    String url() {
        return "http://127.0.0.1:" + http.port() + "/mcp";
    }

    int port() {
        return http.port();
    }

    /** Has a method, or HTTP's GET, answered otherwise from now on. */
    FakeServer on(String method, Misbehaviour misbehaviour) {
        odd.put(method, misbehaviour);
        return this;
    }

    /** Has a method answered as usual again. */
    void usual(String method) {
        odd.remove(method);
    }

    /** What the list of tools says from now on. */
    void tools(String json) {
        tools = json;
    }

    /** How often a method was asked for. */
    long asked(String method) {
        return requests().stream().filter(request -> method.equals(method(request))).count();
    }

    List<RawHttp.Request> requests() {
        return http.requests();
    }

    /** The messages of a method that came, as JSON. */
    List<JsonObject> messages(String method) {
        return requests().stream().filter(request -> method.equals(method(request))).map(FakeServer::json).toList();
    }

    static JsonObject json(RawHttp.Request request) {
        return PARSER.parse(request.body().getBytes(StandardCharsets.UTF_8)) instanceof JsonParser.Parsed parsed
                ? parsed.object()
                : JsonObject.EMPTY;
    }

    private static String method(RawHttp.Request request) {
        if (!request.method().equals("POST")) {
            return request.method();
        }
        String method = json(request).string("method");
        return method == null ? "" : method;
    }

    private void answer(RawHttp.Request request, OutputStream out) throws IOException {
        String method = method(request);
        long id = json(request).get("id") instanceof JsonNumber number ? (long) number.value() : -1;
        Misbehaviour misbehaviour = odd.get(method);
        if (misbehaviour != null) {
            misbehaviour.answer(id, out);
            return;
        }
        switch (method) {
            case "initialize" -> result(out, id,
                    "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{\"listChanged\":true}},"
                            + "\"serverInfo\":{\"name\":\"fake\",\"version\":\"1\"}}");
            case "tools/list" -> result(out, id, "{\"tools\":[" + tools + "]}");
            case "tools/call" -> result(out, id, text("done"));
            case "GET", "DELETE" -> RawHttp.respond(out, "405 Method Not Allowed", "", "");
            default -> RawHttp.respond(out, "202 Accepted", "", "");
        }
    }

    static void result(OutputStream out, long id, String result) throws IOException {
        RawHttp.json(out, message(id, result));
    }

    static String message(long id, String result) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
    }

    static String text(String text) {
        JsonObject content = JsonObject.builder().put("type", "text").put("text", text).build();
        return "{\"content\":[" + new String(Jcs.bytes(content), StandardCharsets.UTF_8) + "]}";
    }

    static void event(OutputStream out, String message) throws IOException {
        RawHttp.write(out, "event: message\ndata: " + message + "\n\n");
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
