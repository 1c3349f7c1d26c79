package io.agentpassport.server.fuzz;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.core.toolcall.UnsignedToolCall;
import io.agentpassport.core.trust.TrustAnchor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** What a fuzzer begins with: documents that are good, and some of the protocol's vectors that are not quite. */
final class Seeds {

    private static final Path VECTORS = Path
            .of("../conformance-vectors/suites/aps-mutual-auth/aps-mutual-auth-v1.json");
    private static final int MOST = 100;

    private static final JsonObject SUITE = suite();
    private static final Set<String> CERTIFICATES = verifying();

    private Seeds() {}

    private static JsonObject suite() {
        try {
            if (JsonParser.with(JsonLimits.VECTOR_FILE)
                    .parse(Files.readAllBytes(VECTORS)) instanceof JsonParser.Parsed parsed) {
                return parsed.object();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(VECTORS + " is not JSON");
    }

    private static void walk(JsonValue value, Consumer<JsonObject> each) {
        if (value instanceof JsonObject object) {
            if (passesTheGate(object)) {
                each.accept(object);
            }
            for (int i = 0; i < object.size(); i++) {
                walk(object.value(i), each);
            }
        } else if (value instanceof JsonArray array) {
            array.values().forEach(item -> walk(item, each));
        }
    }

    /** Some of the vectors hold what no document may. */
    private static boolean passesTheGate(JsonObject object) {
        try {
            return JsonParser.with(JsonLimits.SIGNED_DOCUMENT).parse(Jcs.bytes(object)) instanceof JsonParser.Parsed;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Set<String> verifying() {
        Set<String> ids = new HashSet<>();
        walk(SUITE, object -> {
            if (object.has("binding")
                    && CertificateVerifier.DIRECT
                            .verify(Certificate.received(object)) instanceof CertificateVerifier.Valid valid) {
                ids.add(valid.certificate().id().text());
            }
        });
        return Set.copyOf(ids);
    }

    /** Whether it is the id of a certificate that somebody signed. */
    static boolean isOurs(String certificateId) {
        return CERTIFICATES.contains(certificateId);
    }

    /** Of the vectors, the documents with that member. */
    private static List<byte[]> with(String member) {
        Set<String> seen = new HashSet<>();
        List<byte[]> all = new ArrayList<>();
        walk(SUITE, object -> {
            if (object.has(member) && all.size() < MOST) {
                byte[] bytes = Jcs.bytes(object);
                if (seen.add(new String(bytes, StandardCharsets.UTF_8))) {
                    all.add(bytes);
                }
            }
        });
        return all;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<byte[]> json() {
        return List.of(text("{\"a\":[1,-2.5e-3,\"x\\ud83d\\ude00\",null,true,{}],\"b\":{\"c\":[]}}"),
                text("{\"\\u0000\":1e400}"), text("[]"), text("{} {}"));
    }

    static List<byte[]> certificates() {
        return with("binding");
    }

    static List<byte[]> attests() {
        return with("peer_nonce_b64");
    }

    static List<TrustAnchor> anchors() {
        List<TrustAnchor> all = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        walk(SUITE, object -> {
            TrustAnchor anchor = object.has("anchor_id") ? TrustAnchor.fromJson(object) : null;
            if (anchor != null && ids.add(anchor.anchorId())) {
                all.add(anchor);
            }
        });
        return all;
    }

    static List<byte[]> toolCalls() {
        JsonObject params = JsonObject.builder().put("amount", "19.99").put("to", "shop").build();
        return List.of(Jcs.bytes(new UnsignedToolCall("r-1", "agent:alice", new SessionId("sha256:" + "ab".repeat(32)),
                "passport://localhost", null, Objects.requireNonNull(ToolName.fromText("shop/buy")), params, "bank:pay",
                null, null, 1_780_000_000_000L, Nonce.of(new byte[Nonce.BYTES])).statement()));
    }

    static List<byte[]> policies() {
        return List.of(text("""
                version: "1"
                default: deny
                hide: ["files/*"]
                tools:
                  pay:
                    price: {amount: 0.4, currency: USD}
                    require_approval: {approvers: [ops], count: 2}
                    args_schema: {type: object, properties: {n: {type: integer, maximum: 3}}}
                    deny_if:
                      - conditions: [{path: args.n, op: gt, value: 2}]
                        on_deny: No.
                    limits:
                      - {counter: c, window: hour, max: 3, scope: global, algorithm: sliding}
                """), text("{\"version\":\"1\",\"tools\":{\"echo\":{}}}"));
    }

    static List<byte[]> log() {
        return List.of(
                text("{\"index\":0,\"kind\":\"x\",\"private_commitment\":\"" + "a".repeat(43)
                        + "=\",\"spec\":\"agentpassport.log.v1\",\"time\":1}"),
                text(new Checkpoint("passport://localhost/0001", 3, TreeHash.of(new byte[TreeHash.BYTES])).text()),
                new byte[]{0, 0, 0, 0, 0, 0, 0, 0});
    }
}
