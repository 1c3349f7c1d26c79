package io.agentpassport.core.toolcall;

import static io.agentpassport.core.Parties.NOW;
import static io.agentpassport.core.Parties.key;
import static io.agentpassport.core.Parties.nonce;
import static io.agentpassport.core.Parties.signer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.toolcall.ToolCall.Malformed;
import io.agentpassport.core.toolcall.ToolCall.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolCallTest {

    private static final String GRANT = "grant_" + "0".repeat(24);
    private static final String BUDGET = "sess_" + "f".repeat(24);
    private static final UnsignedToolCall CALL = new UnsignedToolCall("req-1", "agent:agent",
            new SessionId("sha256:" + "ab".repeat(32)), "mcp://gateway.example", GRANT,
            new ToolName("shop", "create_charge"), JsonObject.builder().put("amount", 5).build(), "shop:orders:write",
            new Money(Decimal.of(12), "USD"), BUDGET, NOW, nonce("salt"));
    private static final JsonObject STATEMENT = CALL.statement();

    @Test
    void readsWhatAnAgentSigned() {
        ToolCall call = parsed(CALL.sign(signer("agent")).statement());

        assertThat(call.requestId()).isEqualTo("req-1");
        assertThat(call.agentId()).isEqualTo("agent:agent");
        assertThat(call.sessionId()).isEqualTo(CALL.sessionId());
        assertThat(call.audience()).isEqualTo("mcp://gateway.example");
        assertThat(call.grantId()).isEqualTo(GRANT);
        assertThat(call.tool()).hasToString("shop/create_charge");
        assertThat(call.params()).isEqualTo(CALL.params());
        assertThat(call.scopeRequired()).isEqualTo("shop:orders:write");
        assertThat(call.spend()).isEqualTo(CALL.spend());
        assertThat(call.budgetSessionId()).isEqualTo(BUDGET);
        assertThat(call.issuedAtMillis()).isEqualTo(NOW);
        assertThat(call.salt()).isEqualTo(nonce("salt"));
        assertThat(CALL.sign(signer("agent")).verifies(key("agent"))).isTrue();
    }

    @Test
    void whatIsUnsetIsNull() {
        JsonObject statement = STATEMENT;
        for (String member : List.of("grant_id", "scope_required", "spend", "budget_session_id")) {
            malformed(statement.without(member), "/" + member);
            statement = statement.with(member, JsonNull.NULL);
        }
        ToolCall call = parsed(statement);

        assertThat(call.grantId()).isNull();
        assertThat(call.scopeRequired()).isNull();
        assertThat(call.spend()).isNull();
        assertThat(call.budgetSessionId()).isNull();
    }

    @Test
    void theDigestIsOfTheStatementAsItCame() {
        JsonObject spelt = STATEMENT.with("spend",
                JsonObject.builder().put("amount", "12.00").put("currency", "USD").build());

        assertThat(parsed(STATEMENT).digest().text()).isEqualTo(Digest.sha256Text(Jcs.bytes(STATEMENT)));
        assertThat(parsed(spelt).spend()).isEqualTo(CALL.spend());
        assertThat(parsed(spelt).digest()).isNotEqualTo(parsed(STATEMENT).digest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec", "request_id", "agent_id", "session_id", "audience", "tool", "params", "issued_at",
        "salt"})
    void everyOtherMemberIsThereAndOfItsKind(String member) {
        malformed(STATEMENT.without(member), "/" + member);
        malformed(STATEMENT.with(member, JsonNull.NULL), "/" + member);
        malformed(STATEMENT.with(member, JsonBoolean.TRUE), "/" + member);
        malformed(STATEMENT.with(member, JsonArray.EMPTY), "/" + member);
    }

    @Test
    void thereIsNoOtherMember() {
        malformed(STATEMENT.with("budget_sesion_id", new JsonString(BUDGET)), "/budget_sesion_id");
        malformed(STATEMENT.with("a/b~c", JsonNull.NULL), "/a~1b~0c");
    }

    @ParameterizedTest
    @CsvSource({"request_id,", "request_id,a b", "request_id,a/b", "grant_id,grant_1",
        "grant_id,sess_000000000000000000000000",
        "grant_id,grant_00000000000000000000000G", "budget_session_id,x", "tool,a/b/c", "tool,/b", "tool,a/",
        "tool,A/b",
        "tool,-a/b", "tool,a b", "tool,caf\u00e9", "scope_required,", "scope_required,a::b", "scope_required,:a",
        "scope_required,a:", "scope_required,*", "scope_required,a b", "session_id,x", "salt,AAAA", "agent_id,",
        "audience,"})
    void textsHaveTheirForm(String member, @Nullable String text) {
        malformed(STATEMENT.with(member, new JsonString(text == null ? "" : text)), "/" + member);
    }

    @Test
    void textsHaveALongest() {
        longest("request_id", 64);
        longest("agent_id", 256);
        longest("audience", 256);
        longest("tool", 128);
        longest("scope_required", 128);
        parsed(STATEMENT.with("tool", new JsonString("u".repeat(64) + "/" + "n".repeat(128))));
        malformed(STATEMENT.with("tool", new JsonString("u".repeat(65) + "/n")), "/tool");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "-1", "9007199254740992"})
    void issuedAtIsMilliseconds(double number) {
        malformed(STATEMENT.with("issued_at", new JsonNumber(number)), "/issued_at");
    }

    @ParameterizedTest
    @CsvSource({"-1,USD", "1e2,USD", "1,usd", "1,US", "'',USD", "NaN,USD", "1000000000000000000,USD"})
    void spendIsMoneyThatIsNotNegative(String amount, String currency) {
        malformed(STATEMENT.with("spend",
                JsonObject.builder().put("amount", amount).put("currency", currency).build()), "/spend");
    }

    @Test
    void aNumberIsNoSpend() {
        malformed(STATEMENT.with("spend", new JsonNumber(1)), "/spend");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';',
            value = {"{\"a\":9007199254740992};/params/a", "{\"a\":[1,{\"b\":-1e300}]};/params/a/1/b",
                "{\"Key\":1,\"key\":2};/params/key", "{\"o\":{\"x/y\":{\"A\":1,\"a\":1}}};/params/o/x~1y/a"})
    void argumentsThatNotEverybodyReadsAlikeAreRefused(String params, String where) {
        malformed(STATEMENT.with("params", json(params)), where);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"a\":9007199254740991,\"b\":-9007199254740991,\"c\":0.1}",
        "{\"a\":{\"x\":1},\"b\":{\"X\":1}}",
        "{\"k\":1,\"\u212a\":2}", "{\"\u00e9\":1,\"\u00c9\":2}"})
    void otherArgumentsAreLetBe(String params) {
        assertThat(parsed(STATEMENT.with("params", json(params))).params()).isEqualTo(json(params));
    }

    @Test
    void nobodySignsWhatWouldBeMalformed() {
        var call = new UnsignedToolCall("not an id", CALL.agentId(), CALL.sessionId(), CALL.audience(), null,
                CALL.tool(), CALL.params(), null, null, null, NOW, CALL.salt());

        assertThatIllegalArgumentException().isThrownBy(() -> call.sign(signer("agent")))
                .withMessageContaining("/request_id");
        assertThatIllegalArgumentException().isThrownBy(() -> new ToolName("UP", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ToolName(null, ""));
        assertThat(ToolName.fromText("echo")).isEqualTo(new ToolName(null, "echo"));
    }

    private static void longest(String member, int characters) {
        parsed(STATEMENT.with(member, new JsonString("x".repeat(characters))));
        malformed(STATEMENT.with(member, new JsonString("x".repeat(characters + 1))), "/" + member);
    }

    private static ToolCall parsed(JsonObject statement) {
        ToolCall.Parsing parsing = ToolCall.fromStatement(statement);
        assertThat(parsing).isInstanceOf(Parsed.class);
        return ((Parsed) parsing).call();
    }

    private static void malformed(JsonObject statement, String where) {
        assertThat(ToolCall.fromStatement(statement)).isInstanceOfSatisfying(Malformed.class,
                malformed -> assertThat(malformed.path()).isEqualTo(where));
    }

    private static JsonValue json(String text) {
        JsonParser.Outcome outcome = JsonParser.with(JsonLimits.TOOL_ARGUMENTS)
                .parse(text.getBytes(StandardCharsets.UTF_8));
        assertThat(outcome).isInstanceOf(JsonParser.Parsed.class);
        return ((JsonParser.Parsed) outcome).value();
    }
}
