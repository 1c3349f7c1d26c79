package io.agentpassport.core.certificate;

import static io.agentpassport.core.Parties.NOW;
import static io.agentpassport.core.Parties.VERSIONS;
import static io.agentpassport.core.Parties.key;
import static io.agentpassport.core.Parties.nonce;
import static io.agentpassport.core.Parties.signer;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.signing.SignedStatement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuanceProofTest {

    private static final String AUDIENCE = "mcp://passport.example";
    private static final IssuanceProof PROOF = new IssuanceProof(AUDIENCE, Role.AGENT, "did:example:agent",
            "agent:agent", key("agent"), VERSIONS, null, nonce("issuance"), NOW);

    @Test
    void theNewKeyProvesItself() {
        assertThat(verify(PROOF.statement(), "agent", NOW)).isEqualTo(PROOF);
    }

    @Test
    void anotherKeyProvesNothing() {
        assertThat(verify(PROOF.statement(), "other", NOW)).isNull();
    }

    @Test
    void anotherAudienceIsRefused() {
        SignedStatement signed = SignedStatement.sign(PROOF.statement(), signer("agent"));

        assertThat(IssuanceProof.verify(signed, "mcp://other.example", NOW)).isNull();
    }

    @Test
    void theClocksMayDifferByAMinute() {
        assertThat(verify(PROOF.statement(), "agent", NOW + 60_000)).isNotNull();
        assertThat(verify(PROOF.statement(), "agent", NOW + 60_001)).isNull();
        assertThat(verify(PROOF.statement(), "agent", NOW - 60_000)).isNotNull();
        assertThat(verify(PROOF.statement(), "agent", NOW - 60_001)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec", "audience", "role", "subject_id", "binding", "subject_pubkey_hex",
        "supported_versions", "nonce_b64", "issued_at"})
    void aMemberThatIsMissingOrOfAnotherTypeProvesNothing(String member) {
        assertThat(verify(PROOF.statement().without(member), "agent", NOW)).isNull();
        assertThat(verify(PROOF.statement().with(member, JsonNull.NULL), "agent", NOW)).isNull();
        assertThat(verify(PROOF.statement().with(member, JsonObject.EMPTY), "agent", NOW)).isNull();
    }

    @Test
    void nobodyAsksForAnAnchorsRoleOrForNoVersions() {
        assertThat(verify(PROOF.statement().with("role", new JsonString("trust_anchor")), "agent", NOW)).isNull();
        assertThat(verify(PROOF.statement().with("supported_versions", JsonArray.EMPTY), "agent", NOW)).isNull();
    }

    @Test
    void aJoinTokenIsTextNullOrAbsent() {
        JsonObject statement = PROOF.statement();

        assertThat(verify(statement.without("join_token_id"), "agent", NOW)).isEqualTo(PROOF);
        assertThat(verify(statement.with("join_token_id", new JsonNumber(1)), "agent", NOW)).isNull();
        assertThat(verify(statement.with("join_token_id", new JsonString("jt_1")), "agent", NOW)).isNotNull()
                .extracting(IssuanceProof::joinTokenId)
                .isEqualTo("jt_1");
    }

    private static @Nullable IssuanceProof verify(JsonObject statement, String signer,
            double now) {
        return IssuanceProof.verify(SignedStatement.sign(statement, signer(signer)), AUDIENCE, now);
    }
}
