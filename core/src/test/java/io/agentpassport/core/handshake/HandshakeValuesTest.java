package io.agentpassport.core.handshake;

import static io.agentpassport.core.Parties.NOW;
import static io.agentpassport.core.Parties.VERSIONS;
import static io.agentpassport.core.Parties.nonce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.handshake.MutualAuthPolicy.Read;
import io.agentpassport.core.handshake.MutualAuthPolicy.Unreadable;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.Rejected;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hello, version negotiation, the policy document, and the words of the failures. */
class HandshakeValuesTest {

    private static final JsonObject POLICY = JsonObject.builder().put("accepted_versions", VERSIONS).build();

    @Test
    void aHelloReadsBackFromItsDocument() {
        Hello hello = Hello.of(Role.AGENT, VERSIONS, nonce("hello"), NOW);

        assertThat(Hello.fromJson(hello.json())).isEqualTo(hello);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec_version", "role", "supported_versions", "nonce_b64", "timestamp"})
    void aHelloWithAMemberMissingOrOfAnotherTypeIsNone(String member) {
        JsonObject hello = Hello.of(Role.AGENT, VERSIONS, nonce("hello"), NOW).json();

        assertThat(Hello.fromJson(hello.without(member))).isNull();
        assertThat(Hello.fromJson(hello.with(member, JsonObject.EMPTY))).isNull();
        assertThat(Hello.fromJson(hello.with(member, new JsonString("x")))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"'1.1,1.0','1.1,1.0',1.1", "'1.0','1.1,1.0',1.0", "'1.1,1.0','1.0,1.1',1.0", "'2.0','1.0',",
        "'','1.0',",
        "'1.10','1.1',"})
    void ourOrderChoosesTheVersion(String peer, String own, String chosen) {
        assertThat(VersionNegotiation.choose(List.of(peer.split(",")), List.of(own.split(",")))).isEqualTo(chosen);
    }

    @Test
    void aPolicyOfVersionsAloneAsksForNothingElse() {
        assertThat(MutualAuthPolicy.fromJson(POLICY))
                .isEqualTo(new Read(new MutualAuthPolicy(VERSIONS, null, List.of(), 0, null)));
        assertThat(MutualAuthPolicy.fromJson(POLICY.with("min_agent_grade", JsonNull.NULL)
                .with("required_capabilities", JsonNull.NULL)
                .with("max_clock_skew_ms", JsonNull.NULL)
                .with("max_session_ms", JsonNull.NULL))).isEqualTo(MutualAuthPolicy.fromJson(POLICY));
    }

    @Test
    void aPolicyReadsBackFromItsDocument() {
        var policy = new MutualAuthPolicy(VERSIONS, 2L, List.of("a"), 5_000, 3_600_000L);

        assertThat(MutualAuthPolicy.fromJson(policy.json())).isEqualTo(new Read(policy));
        assertThat(MutualAuthPolicy.fromJson(MutualAuthPolicy.accepting(VERSIONS).json()))
                .isEqualTo(new Read(MutualAuthPolicy.accepting(VERSIONS)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"min_agent_grade", "max_clock_skew_ms", "max_session_ms"})
    void aPolicysNumbersAreIntegersUpToTheSafeOne(String member) {
        assertThat(read(member, 9007199254740991d)).isInstanceOf(Read.class);
        assertThat(read(member, 0)).isInstanceOf(Read.class);
        assertThat(read(member, 9007199254740992d)).isEqualTo(unreadable(member));
        assertThat(read(member, 1.5)).isEqualTo(unreadable(member));
        assertThat(MutualAuthPolicy.fromJson(POLICY.with(member, new JsonString("1")))).isEqualTo(unreadable(member));
    }

    @Test
    void onlyAMaximumMayBeNegativeAndThenNoSessionBegins() {
        assertThat(read("min_agent_grade", -1)).isEqualTo(unreadable("min_agent_grade"));
        assertThat(read("max_clock_skew_ms", -1)).isEqualTo(unreadable("max_clock_skew_ms"));
        assertThat(read("max_session_ms", -1)).isInstanceOf(Read.class);
    }

    @Test
    void aPolicyThatCannotBeReadSaysWhichMember() {
        assertThat(MutualAuthPolicy.fromJson(JsonObject.EMPTY)).isEqualTo(unreadable("accepted_versions"));
        assertThat(
                MutualAuthPolicy.fromJson(POLICY.with("accepted_versions", new JsonArray(List.of(new JsonNumber(1))))))
                .isEqualTo(unreadable("accepted_versions"));
        assertThat(MutualAuthPolicy.fromJson(POLICY.with("required_capabilities", new JsonString("a"))))
                .isEqualTo(unreadable("required_capabilities"));
    }

    @Test
    void clocksNeverDifferByLessThanNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MutualAuthPolicy(VERSIONS, null, List.of(), -1, null));
    }

    @Test
    void theTwelveReasonsHaveTheirWords() {
        assertThat(MutualAuthFailure.values()).hasSize(12)
                .allSatisfy(f -> assertThat(MutualAuthFailure.fromText(f.text())).isEqualTo(f));
        assertThat(MutualAuthFailure.fromText("NONCE_MISMATCH")).isNull();
        assertThat(MutualAuthFailure.fromText(null)).isNull();
        assertThat(Failure.of(MutualAuthFailure.NONCE_MISMATCH, "peer_nonce"))
                .hasToString("nonce_mismatch (peer_nonce)");
    }

    private static MutualAuthPolicy.Outcome read(String member, double value) {
        return MutualAuthPolicy.fromJson(POLICY.with(member, new JsonNumber(value)));
    }

    private static Unreadable unreadable(String member) {
        return new Unreadable(new Rejected("invalid_policy", member, "$." + member));
    }
}
