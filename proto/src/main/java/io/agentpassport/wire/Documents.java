package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.Rejected;

/** The JSON documents in messages, each through the strict gate. */
final class Documents {

    private static final JsonParser SIGNED_DOCUMENT = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);
    private static final JsonParser TRUST_BUNDLE = JsonParser.with(JsonLimits.TRUST_BUNDLE);

    private Documents() {}

    /** A certificate, hello, attest, statement, anchor or policy. */
    static JsonObject signedDocument(String field, ByteString json) {
        return parse(field, json, SIGNED_DOCUMENT);
    }

    /** A trust bundle. */
    static JsonObject trustBundle(String field, ByteString json) {
        return parse(field, json, TRUST_BUNDLE);
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
