package io.agentpassport.server.upstream.mcp;

import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import org.jspecify.annotations.Nullable;

/** A message of JSON-RPC 2.0, as a server sends it. A batch is none. */
sealed interface Message {

    /** It answers a request of ours. */
    record Reply(long id, Answer answer) implements Message {}

    /** It asks us something. */
    record Ask(JsonValue id, String method) implements Message {}

    /** It tells us something. */
    record Notice(String method) implements Message {}

    /** It is none of them. */
    record Garbled(String problem) implements Message {}

    /** Reads one. */
    static Message read(byte[] bytes, JsonParser parser) {
        return parser.parse(bytes) instanceof JsonParser.Parsed parsed ? read(parsed.object())
                : new Garbled("its message is not a JSON object");
    }

    private static Message read(JsonObject json) {
        if (!"2.0".equals(json.string("jsonrpc"))) {
            return new Garbled("its message is not JSON-RPC 2.0");
        }
        String method = json.string("method");
        JsonValue id = json.get("id");
        if (method != null) {
            return id instanceof JsonString || id instanceof JsonNumber ? new Ask(id, method) : new Notice(method);
        }
        if (!(id instanceof JsonNumber number) || !number.isSafeInteger()) {
            return new Garbled("its answer has no id of ours");
        }
        JsonObject result = json.object("result");
        JsonObject error = json.object("error");
        if ((result == null) == (error == null)) {
            return new Garbled("its answer is neither a result nor an error");
        }
        return new Reply((long) number.value(), result != null ? new Answer.Result(result) : refused(error));
    }

    private static Answer refused(@Nullable JsonObject error) {
        Double code = error == null ? null : error.number("code");
        String message = error == null ? null : error.string("message");
        return new Answer.Refused(code == null ? 0 : code.longValue(),
                ForeignText.bounded(message == null ? "an error without a message" : message, 1024));
    }

    /** A request of ours. */
    static JsonObject request(long id, String method, JsonObject params) {
        return notice(method, params).with("id", new JsonNumber(id));
    }

    /** A notice of ours. */
    static JsonObject notice(String method, JsonObject params) {
        return JsonObject.builder().put("jsonrpc", "2.0").put("method", method).put("params", params).build();
    }

    /** That nobody waits for the answer to a request of ours any more. */
    static JsonObject cancelled(long id) {
        return notice("notifications/cancelled", JsonObject.builder()
                .put("requestId", new JsonNumber(id))
                .put("reason", "no answer in time")
                .build());
    }

    /** What a server is told that asks us something: that we are here, or no. */
    static JsonObject reply(Ask ask) {
        JsonObject.Builder reply = JsonObject.builder().put("jsonrpc", "2.0").put("id", ask.id());
        if (ask.method().equals("ping")) {
            return reply.put("result", JsonObject.EMPTY).build();
        }
        return reply.put("error", JsonObject.builder()
                .put("code", -32601)
                .put("message", "servers may not ask for this here")
                .build()).build();
    }
}
