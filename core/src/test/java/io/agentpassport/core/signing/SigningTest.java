package io.agentpassport.core.signing;

import static io.agentpassport.core.Parties.NOW;
import static io.agentpassport.core.Parties.key;
import static io.agentpassport.core.Parties.nonce;
import static io.agentpassport.core.Parties.signer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.Rejected;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningTest {

    private static final String SESSION = "sha256:" + "ab".repeat(32);
    private static final byte[] BODY = "body".getBytes(StandardCharsets.UTF_8);
    private static final RpcProof PROOF = RpcProof.forBody(SESSION, "mcp://a", "S/M", BODY, nonce("rpc"), NOW);

    @Test
    void aSignedDocumentVerifiesWholeAndUnchanged() {
        JsonObject signed = SignedDocument.signOwn(JsonObject.builder().put("a", 1).build(), signer("a"));

        assertThat(verifies(signed, "a")).isTrue();
        assertThat(verifies(signed, "b")).isFalse();
        assertThat(verifies(signed.with("a", JsonNull.NULL), "a")).isFalse();
        assertThat(verifies(signed.with("b", JsonNull.NULL), "a")).isFalse();
        assertThat(verifies(signed.without("a"), "a")).isFalse();
        assertThat(verifies(signed.without("signature_b64"), "a")).isFalse();
        assertThat(verifies(signed.with("signature_b64", JsonNull.NULL), "a")).isFalse();
    }

    @Test
    void aSignatureHasOneText() {
        JsonObject signed = SignedDocument.signOwn(JsonObject.builder().put("a", 1).build(), signer("a"));
        String text = String.valueOf(signed.string("signature_b64"));

        assertThat(text).hasSize(88).endsWith("==");
        for (String other : new String[]{text.substring(0, 86), text + "\n", text.replace('+', '-').replace('/', '_'),
            text.substring(0, 85) + (char) (text.charAt(85) + 1) + "=="}) {
            if (!other.equals(text)) {
                assertThat(verifies(signed.with("signature_b64", new JsonString(other)), "a")).as(other).isFalse();
            }
        }
    }

    @Test
    void whatImplementationsReadDifferentlyIsNotSigned() {
        JsonObject unsafe = JsonObject.builder().put("n", 9007199254740992d).build();
        JsonObject lone = JsonObject.builder().put("t", "\ud800").build();

        assertThat(SignedDocument.sign(unsafe, signer("a"))).isEqualTo(new SignedDocument.Unsignable(
                new Rejected("invalid_number", "integer_exceeds_interoperable_range", "$.n")));
        assertThat(SignedDocument.sign(lone, signer("a"))).isEqualTo(new SignedDocument.Unsignable(
                new Rejected("invalid_unicode", "lone_surrogate", "$.t")));
        assertThatIllegalArgumentException().isThrownBy(() -> SignedDocument.signOwn(unsafe, signer("a")));
        assertThatIllegalArgumentException().isThrownBy(() -> SignedStatement.sign(lone, signer("a")));
    }

    @Test
    void anRpcProofHoldsForOneCall() {
        SignedStatement signed = SignedStatement.sign(PROOF.statement(), signer("agent"));

        assertThat(RpcProof.verify(signed, key("agent"), SESSION, "mcp://a", "S/M", BODY, NOW)).isEqualTo(PROOF);
        assertThat(RpcProof.verify(signed, key("other"), SESSION, "mcp://a", "S/M", BODY, NOW)).isNull();
        assertThat(RpcProof.verify(signed, key("agent"), SESSION + "0", "mcp://a", "S/M", BODY, NOW)).isNull();
        assertThat(RpcProof.verify(signed, key("agent"), SESSION, "mcp://b", "S/M", BODY, NOW)).isNull();
        assertThat(RpcProof.verify(signed, key("agent"), SESSION, "mcp://a", "S/N", BODY, NOW)).isNull();
        assertThat(RpcProof.verify(signed, key("agent"), SESSION, "mcp://a", "S/M", new byte[0], NOW)).isNull();
    }

    @Test
    void anRpcProofIsFreshForAMinuteEitherWay() {
        assertThat(verify(PROOF.statement(), NOW + 60_000)).isNotNull();
        assertThat(verify(PROOF.statement(), NOW + 60_001)).isNull();
        assertThat(verify(PROOF.statement(), NOW - 60_000)).isNotNull();
        assertThat(verify(PROOF.statement(), NOW - 60_001)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec", "session_id", "audience", "method", "body_sha256", "nonce_b64", "issued_at"})
    void anRpcProofWithAMemberMissingOrOfAnotherTypeProvesNothing(String member) {
        assertThat(verify(PROOF.statement().without(member), NOW)).isNull();
        assertThat(verify(PROOF.statement().with(member, JsonObject.EMPTY), NOW)).isNull();
        assertThat(verify(PROOF.statement().with(member, new JsonString("x")), NOW)).isNull();
    }

    private static @Nullable RpcProof verify(JsonObject statement, double now) {
        return RpcProof.verify(SignedStatement.sign(statement, signer("agent")), key("agent"), SESSION, "mcp://a",
                "S/M", BODY, now);
    }

    private static boolean verifies(JsonObject document, String label) {
        return SignedDocument.verifies(document, SignedDocument.signedBytes(document), key(label));
    }
}
