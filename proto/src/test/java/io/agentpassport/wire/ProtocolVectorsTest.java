package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.proto.v1.Derivation;
import io.agentpassport.proto.v1.DeriveSessionRequest;
import io.agentpassport.proto.v1.DeriveSessionResponse;
import io.agentpassport.proto.v1.MutualAuthFailure;
import io.agentpassport.proto.v1.PublisherKeys;
import io.agentpassport.proto.v1.TrustAnchors;
import io.agentpassport.proto.v1.VerifyAttestRequest;
import io.agentpassport.proto.v1.VerifyAttestResponse;
import io.agentpassport.proto.v1.VerifyTrustBundleRequest;
import io.agentpassport.proto.v1.VerifyTrustBundleResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The messages carry every input of the protocol vectors, and every answer: each vector becomes a request, is
 * serialised, decoded, answered by core, encoded, serialised, and still has the answer that is expected.
 */
class ProtocolVectorsTest {

    private static final Path VECTORS = Path
            .of("../conformance-vectors/suites/aps-mutual-auth/aps-mutual-auth-v1.json");

    @TestFactory
    Stream<DynamicTest> verifyAttest() throws IOException {
        return vectors("verifyAttest", 125, vector -> {
            JsonObject input = object(vector, "input");
            var request = VerifyAttestRequest.newBuilder()
                    .setAttestJson(json(input.get("attest")))
                    .setExpectedPeerNonceB64(text(input, "expected_peer_nonce_b64"))
                    .setExpectedOwnNonceB64(text(input, "expected_own_nonce_b64"))
                    .setPolicyJson(json(input.get("policy")))
                    .setTrustAnchors(anchors(input))
                    .setNow(WireTime.encode(now(input)))
                    .build();

            var decoded = MutualAuthRequests.decode(VerifyAttestRequest.parseFrom(request.toByteArray()));
            if (expectsRejection(vector, decoded)) {
                return;
            }
            var question = Expect.valid(decoded);
            var verifier = new AttestVerifier(Objects.requireNonNull(question.terms().policy()),
                    Objects.requireNonNull(question.terms().anchors()), CertificateVerifier.DIRECT);
            Instant at = Objects.requireNonNull(question.now());
            byte[] answer = MutualAuthAnswers
                    .judged(verifier.verify(question.attest(), question.expected(), WireTime.millis(at)), at)
                    .toByteArray();

            VerifyAttestResponse response = VerifyAttestResponse.parseFrom(answer);
            if (isTagged(vector, "upstream-weak") || isTagged(vector, "upstream-lenient")) {
                assertThat(response.hasFailure()).isTrue();
            } else if (isOk(vector)) {
                assertThat(response.hasVerified()).isTrue();
                assertThat(response.getVerified().getOwnNonceB64())
                        .isEqualTo(text(input, "expected_own_nonce_b64"));
            } else {
                assertFailure(response.getFailure(), object(vector, "expected"));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> deriveSession() throws IOException {
        return vectors("deriveSession", 34, vector -> {
            JsonObject input = object(vector, "input");
            var request = DeriveSessionRequest.newBuilder()
                    .setAgentAttestJson(json(input.get("agent_attest")))
                    .setIsAttestJson(json(input.get("is_attest")))
                    .setPolicyJson(json(input.get("policy")))
                    .setNow(WireTime.encode(now(input)))
                    .setDerivationOnly(true)
                    .build();

            var decoded = MutualAuthRequests.decode(DeriveSessionRequest.parseFrom(request.toByteArray()));
            if (expectsRejection(vector, decoded)) {
                return;
            }
            var question = Expect.valid(decoded);
            Instant at = Objects.requireNonNull(question.now());
            var outcome = SessionDerivation.derive(question.agent(), question.system(),
                    Objects.requireNonNull(question.policy()).maxSessionMillis(), WireTime.millis(at));
            byte[] answer = MutualAuthAnswers.derived(outcome, !question.derivationOnly(), at).toByteArray();

            DeriveSessionResponse response = DeriveSessionResponse.parseFrom(answer);
            assertThat(response.getDerivation()).isEqualTo(Derivation.DERIVATION_UNVERIFIED);
            JsonObject expected = object(vector, "expected");
            if (isOk(vector)) {
                assertThat(Digest.sha256Text(response.getSession().getSessionJson().toByteArray()))
                        .isEqualTo(text(expected, "session_canonical_sha256"));
                var view = response.getSession().getView();
                assertThat(view.getSessionId()).isEqualTo(text(expected, "session_id"));
                assertThat(view.getAgentCertificateId()).isEqualTo(text(expected, "agent_cert_id"));
                assertThat(view.getIsCertificateId()).isEqualTo(text(expected, "is_cert_id"));
            } else {
                assertFailure(response.getFailure(), object(expected, "failure"));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> verifyBundle() throws IOException {
        return vectors("verifyBundle", 17, vector -> {
            JsonObject input = object(vector, "input");
            var request = VerifyTrustBundleRequest.newBuilder()
                    .setBundleJson(json(input.get("bundle")))
                    .setTrustedPublishers(PublisherKeys.newBuilder()
                            .addAllPubkeysHex(texts(input, "trusted_publisher_pubkeys_hex")))
                    .setNow(WireTime.encode(now(input)))
                    .build();

            var question = Expect
                    .valid(TrustRequests.decode(VerifyTrustBundleRequest.parseFrom(request.toByteArray())));
            Instant at = Objects.requireNonNull(question.now());
            var verdict = question.bundle()
                    .verify(Objects.requireNonNull(question.trustedPublishersHex()),
                            WireTime.millis(at));
            byte[] answer = TrustAnswers.judged(verdict, at).toByteArray();

            VerifyTrustBundleResponse response = VerifyTrustBundleResponse.parseFrom(answer);
            assertThat(response.hasVerified()).isEqualTo(isOk(vector));
            if (isOk(vector)) {
                assertThat(response.getVerified().getBundleId()).isEqualTo(text(object(input, "bundle"), "bundle_id"));
                assertThat(response.getVerified().getAnchorCount()).isPositive();
            } else {
                assertThat(response.getFailure().getReason().name()).isEqualTo("TRUST_BUNDLE_FAILURE_REASON_"
                        + text(object(vector, "expected"), "reason").toUpperCase(Locale.ROOT));
            }
        });
    }

    private interface Check {
        void run(JsonObject vector) throws InvalidProtocolBufferException;
    }

    private static Stream<DynamicTest> vectors(String primitive, int count, Check check) throws IOException {
        var parsed = (JsonParser.Parsed) JsonParser.with(JsonLimits.VECTOR_FILE).parse(Files.readAllBytes(VECTORS));
        List<JsonObject> chosen = ((JsonArray) Objects.requireNonNull(parsed.object().get("vectors"))).values()
                .stream()
                .map(JsonObject.class::cast)
                .filter(vector -> primitive.equals(vector.string("primitive")))
                .toList();
        assertThat(chosen).hasSize(count);
        return chosen.stream().map(vector -> dynamicTest(text(vector, "id"), () -> check.run(vector)));
    }

    /** Whether a thrown error is expected; then it must be a rejection of the same kind. */
    private static boolean expectsRejection(JsonObject vector, Decoded<?> decoded) {
        String error = object(vector, "expected").string("error");
        if (error == null) {
            return false;
        }
        assertThat(Expect.error(decoded).reason()).isEqualTo(ErrorReason.DOCUMENT_REJECTED);
        assertThat(Expect.error(decoded).metadata()).containsEntry("error", error);
        return true;
    }

    private static void assertFailure(MutualAuthFailure failure, JsonObject expected) {
        assertThat(failure.getReason().name())
                .isEqualTo("MUTUAL_AUTH_FAILURE_REASON_" + text(expected, "reason").toUpperCase(Locale.ROOT));
        assertThat(failure.getDetail()).isEqualTo(Objects.requireNonNullElse(expected.string("detail"), ""));
    }

    private static TrustAnchors anchors(JsonObject input) {
        var anchors = TrustAnchors.newBuilder();
        for (JsonValue anchor : ((JsonArray) Objects.requireNonNull(input.get("trust_anchors"))).values()) {
            anchors.addAnchorsJson(json(anchor));
        }
        if (input.has("revoked_anchor_ids")) {
            anchors.addAllRevokedAnchorIds(texts(input, "revoked_anchor_ids"));
        }
        return anchors.build();
    }

    private static boolean isOk(JsonObject vector) {
        return object(vector, "expected").get("ok") instanceof JsonBoolean ok && ok.value();
    }

    private static boolean isTagged(JsonObject vector, String tag) {
        return vector.has("tags") && texts(vector, "tags").contains(tag);
    }

    private static Instant now(JsonObject input) {
        return Instant.ofEpochMilli(Objects.requireNonNull(input.number("now_ms")).longValue());
    }

    private static String text(JsonObject json, String member) {
        return Objects.requireNonNull(json.string(member), member);
    }

    private static List<String> texts(JsonObject json, String member) {
        return Objects.requireNonNull(json.strings(member), member);
    }

    private static JsonObject object(JsonObject json, String member) {
        return Objects.requireNonNull(json.object(member), member);
    }

    private static ByteString json(@Nullable JsonValue value) {
        var text = new StringBuilder();
        write(Objects.requireNonNull(value), text);
        return ByteString.copyFrom(text.toString(), StandardCharsets.US_ASCII);
    }

    /** JSON text in ASCII, which also shows the lone surrogates that some vectors hold. */
    private static void write(JsonValue value, StringBuilder out) {
        if (value instanceof JsonObject object) {
            out.append('{');
            for (int i = 0; i < object.size(); i++) {
                out.append(i == 0 ? "" : ",");
                write(new JsonString(object.name(i)), out);
                out.append(':');
                write(object.value(i), out);
            }
            out.append('}');
        } else if (value instanceof JsonArray array) {
            out.append('[');
            String separator = "";
            for (JsonValue element : array.values()) {
                out.append(separator);
                write(element, out);
                separator = ",";
            }
            out.append(']');
        } else if (value instanceof JsonString string) {
            out.append('"');
            string.value().chars().forEach(unit -> {
                boolean plain = unit >= ' ' && unit < 127 && unit != '"' && unit != '\\';
                out.append(plain ? Character.toString(unit) : String.format("\\u%04x", unit));
            });
            out.append('"');
        } else {
            out.append(new String(Jcs.bytes(value), StandardCharsets.US_ASCII));
        }
    }
}
