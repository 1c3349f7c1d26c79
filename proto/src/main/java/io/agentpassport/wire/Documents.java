package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.Rejected;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.toolcall.ToolCall;
import java.util.List;

/** The JSON documents in messages, each through the strict gate. */
final class Documents {

    private static final JsonParser SIGNED_DOCUMENT = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);
    private static final JsonParser TRUST_BUNDLE = JsonParser.with(JsonLimits.TRUST_BUNDLE);

    private static final JsonParser ARGUMENTS = JsonParser.with(JsonLimits.TOOL_ARGUMENTS);
    private static final JsonParser LIST = JsonParser.with(new JsonLimits(JsonLimits.SIGNED_DOCUMENT.maxBytes(),
            JsonLimits.SIGNED_DOCUMENT.maxDepth(), JsonLimits.SIGNED_DOCUMENT.maxTokens(), false, false));

    private Documents() {}

    /** A certificate, hello, attest, statement, anchor or policy. */
    static JsonObject signedDocument(String field, ByteString json) {
        return parse(field, json, SIGNED_DOCUMENT);
    }

    /** A trust bundle. */
    static JsonObject trustBundle(String field, ByteString json) {
        return parse(field, json, TRUST_BUNDLE);
    }

    /** The arguments of a tool call; none at all when there are no bytes. */
    static JsonObject arguments(String field, ByteString json) {
        return json.isEmpty() ? JsonObject.EMPTY : parse(field, json, ARGUMENTS);
    }

    /** A list of at most so many objects; an empty one when there are no bytes. */
    static JsonArray objects(String field, ByteString json, int most) {
        if (json.isEmpty()) {
            return new JsonArray(List.of());
        }
        JsonParser.Outcome outcome = LIST.parse(json.toByteArray());
        if (outcome instanceof Rejected rejected) {
            throw rejected(field, rejected);
        }
        if (!(((JsonParser.Parsed) outcome).value() instanceof JsonArray list)
                || !list.values().stream().allMatch(JsonObject.class::isInstance)) {
            throw Malformed.field(field, "must be a list of objects");
        }
        Fields.atMost(field, list.values(), most);
        return list;
    }

    /** A signed tool call, or why it is none: all that is wrong with it has the one reason. */
    static SignedToolCall toolCall(io.agentpassport.proto.v1.SignedStatement message) {
        if (message.getStatementJson().isEmpty()) {
            throw new Malformed(GatewayErrors.malformed("", "is required"));
        }
        if (message.getSignature().size() != Signature.BYTES) {
            throw new Malformed(GatewayErrors.malformed("", "needs a signature of " + Signature.BYTES + " bytes"));
        }
        JsonParser.Outcome outcome = ARGUMENTS.parse(message.getStatementJson().toByteArray());
        if (outcome instanceof Rejected rejected) {
            throw new Malformed(GatewayErrors.malformed(rejected.path(),
                    "is not strict JSON: " + rejected.error() + ", " + rejected.reason()));
        }
        JsonObject statement = ((JsonParser.Parsed) outcome).object();
        ToolCall.Parsing parsing = ToolCall.fromStatement(statement);
        if (parsing instanceof ToolCall.Malformed malformed) {
            throw new Malformed(GatewayErrors.malformed(malformed.path(), malformed.problem()));
        }
        return new SignedToolCall(((ToolCall.Parsed) parsing).call(),
                new SignedStatement(statement, Signature.of(message.getSignature().toByteArray())));
    }

    /** A policy. */
    static MutualAuthPolicy policy(String field, ByteString json) {
        MutualAuthPolicy.Outcome outcome = MutualAuthPolicy.fromJson(signedDocument(field, json));
        if (outcome instanceof MutualAuthPolicy.Read read) {
            return read.policy();
        }
        throw rejected(field, ((MutualAuthPolicy.Unreadable) outcome).rejected());
    }

    private static JsonObject parse(String field, ByteString json, JsonParser parser) {
        if (json.isEmpty()) {
            throw Malformed.field(field, "is required");
        }
        JsonParser.Outcome outcome = parser.parse(json.toByteArray());
        if (outcome instanceof JsonParser.Parsed parsed) {
            return parsed.object();
        }
        throw rejected(field, (Rejected) outcome);
    }

    private static Malformed rejected(String field, Rejected rejected) {
        return new Malformed(ServiceErrors.documentRejected(field, rejected));
    }
}
