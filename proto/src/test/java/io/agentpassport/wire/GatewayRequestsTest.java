package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.core.toolcall.UnsignedToolCall;
import io.agentpassport.proto.v1.AuthorizeToolCallRequest;
import io.agentpassport.proto.v1.GetToolCallRequest;
import io.agentpassport.proto.v1.Identity;
import io.agentpassport.proto.v1.ListToolsRequest;
import io.agentpassport.proto.v1.Money;
import io.agentpassport.proto.v1.PreviewToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallsRequest;
import io.agentpassport.proto.v1.SettleToolCallRequest;
import io.agentpassport.proto.v1.SettlementOutcome;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GatewayRequestsTest {

    private static final Signer AGENT = Signer.fromSeed(new byte[Signer.SEED_BYTES]);
    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final String GRANT = "grant_" + "0001" + "a".repeat(20);
    private static final String RESERVATION = "rsv_" + "0001" + "a".repeat(20);

    static UnsignedToolCall unsigned(JsonObject params) {
        return new UnsignedToolCall("call-1", "agent:a", new SessionId(DIGEST), "mcp://gateway", GRANT,
                new ToolName("shop", "list"), params, null, null, null, 1_700_000_000_000L,
                Nonce.of(new byte[16]));
    }

    static io.agentpassport.proto.v1.SignedStatement signed(JsonObject params) {
        return SignedStatements.encode(unsigned(params).sign(AGENT));
    }

    @Test
    void decodesACallThatIsSigned() {
        var call = signed(JsonObject.builder().put("id", "a1").build());
        SignedToolCall decoded = Expect.valid(GatewayRequests.decode(
                ProcessToolCallRequest.newBuilder().setCall(call).build()));
        assertThat(decoded.call().requestId()).isEqualTo("call-1");
        assertThat(decoded.call().params().string("id")).isEqualTo("a1");
        assertThat(decoded.statement().verifies(AGENT.publicKey())).isTrue();
        assertThat(decoded.toString()).doesNotContain("a1");
        assertThat(Expect.valid(GatewayRequests.decode(PreviewToolCallRequest.newBuilder().setCall(call).build()))
                .call()
                .digest()).isEqualTo(decoded.call().digest());
        assertThat(Expect.valid(GatewayRequests.decode(AuthorizeToolCallRequest.newBuilder().setCall(call).build()))
                .call()
                .digest()).isEqualTo(decoded.call().digest());
    }

    @Test
    void takesACallOfUpTo256KiB() {
        malformed(ofSize(256 * 1024 + 1), "$");
        Expect.valid(GatewayRequests.decode(request(ofSize(256 * 1024))));
    }

    @Test
    void calledMalformedWhateverIsWrongWithIt() {
        malformed(ByteString.EMPTY, "");
        malformed(ByteString.copyFromUtf8("[{}]"), "$");
        malformed(ByteString.copyFromUtf8("{\"a\":1,\"a\":1}"), "$");
        malformed(ByteString.copyFromUtf8("{}"), "/spec");
        malformed(statementWithout("params").put("params", new JsonString("no object")), "/params");
        malformed(ByteString.copyFromUtf8(text().replace("\"params\":{}", "\"params\":{\"n\":9007199254740992}")),
                "/params/n");
        malformed(statementWithout("params").put("params", JsonObject.builder().put("key", "").put("KEY", "").build()),
                null);
        malformed(statementWithout("issued_at").put("issued_at", new JsonNumber(0.5)), "/issued_at");
        malformed(statementWithout("").put("more", "x"), "/more");
    }

    @Test
    void asksForASignatureOf64Bytes() {
        var call = signed(JsonObject.EMPTY).toBuilder();
        for (int bytes : new int[]{0, 63, 65}) {
            call.setSignature(ByteString.copyFrom(new byte[bytes]));
            assertThat(Expect.error(GatewayRequests.decode(
                    ProcessToolCallRequest.newBuilder().setCall(call).build())).reason())
                    .isEqualTo(ErrorReason.MALFORMED);
        }
    }

    @Test
    void keepsTheNumberOfACallThatIsMalformed() {
        var numbered = GatewayRequests.decode(ProcessToolCallsRequest.newBuilder().setCallNumber(-7).build());
        assertThat(numbered.number()).isEqualTo(-7);
        assertThat(Expect.error(numbered.call()).reason()).isEqualTo(ErrorReason.MALFORMED);
        Expect.invalidField(GatewayRequests.decode(ProcessToolCallsRequest.newBuilder()
                .setCall(signed(JsonObject.EMPTY))
                .build()).call(), "call_number");
        Expect.valid(GatewayRequests.decode(ProcessToolCallsRequest.newBuilder()
                .setCallNumber(1)
                .setCall(signed(JsonObject.EMPTY))
                .build()).call());
    }

    @Test
    void decodesASettlement() {
        var request = SettleToolCallRequest.newBuilder()
                .setRequestId("r")
                .setReservationId(RESERVATION)
                .setOutcome(SettlementOutcome.SETTLEMENT_OUTCOME_FAILED);
        GatewayRequests.Settlement bare = Expect.valid(GatewayRequests.decode(request.build()));
        assertThat(bare.outcome()).isEqualTo(GatewayRequests.Outcome.FAILED);
        assertThat(bare.cost()).isNull();
        assertThat(bare.resultDigest()).isNull();

        request.setCost(Money.newBuilder().setAmount("12.50").setCurrency("USD")).setResultDigest(DIGEST);
        GatewayRequests.Settlement full = Expect.valid(GatewayRequests.decode(request.build()));
        assertThat(full.cost()).hasToString("12.5 USD");
        assertThat(full.resultDigest()).isEqualTo(DIGEST);

        Expect.invalidField(GatewayRequests.decode(request.clone().clearOutcome().build()), "outcome");
        Expect.invalidField(GatewayRequests.decode(request.clone().setOutcomeValue(9).build()), "outcome");
        Expect.invalidField(GatewayRequests.decode(request.clone().setResultDigest("sha256:AB").build()),
                "result_digest");
        Expect.invalidField(GatewayRequests.decode(request.clone().setReservationId(GRANT).build()),
                "reservation_id");
        Expect.invalidField(GatewayRequests.decode(request.clone()
                .setReservationId(RESERVATION.toUpperCase(java.util.Locale.ROOT))
                .build()), "reservation_id");
        Expect.invalidField(GatewayRequests.decode(request.clone().setReservationId(RESERVATION + "a").build()),
                "reservation_id");
    }

    @Test
    void takesOnlyExactMoneyThatIsNotNegative() {
        for (String amount : new String[]{"0", "999999999999999999", "0.000000000000000001", "1.10"}) {
            Expect.valid(GatewayRequests.decode(costing(amount, "USD")));
        }
        for (String amount : new String[]{"", "-1", "+1", "1e3", "01", "1.", ".5", "NaN", "1000000000000000000",
            "0.0000000000000000001"}) {
            Expect.invalidField(GatewayRequests.decode(costing(amount, "USD")), "cost.amount");
        }
        for (String currency : new String[]{"USD", "ABCDEFGH"}) {
            Expect.valid(GatewayRequests.decode(costing("1", currency)));
        }
        for (String currency : new String[]{"", "US", "usd", "ABCDEFGHI", "U$D"}) {
            Expect.invalidField(GatewayRequests.decode(costing("1", currency)), "cost.currency");
        }
    }

    @Test
    void decodesWhatIsAskedForByName() {
        assertThat(Expect.valid(GatewayRequests.decode(GetToolCallRequest.newBuilder().setRequestId("r").build()))
                .agent()).isNull();
        assertThat(Expect.valid(GatewayRequests.decode(GetToolCallRequest.newBuilder()
                .setRequestId("r")
                .setAgent(Identity.newBuilder().setIssuerDomain("d").setBinding("b"))
                .build())).agent()).isEqualTo(new io.agentpassport.core.certificate.Identity("d", "b"));
        Expect.invalidField(GatewayRequests.decode(GetToolCallRequest.newBuilder()
                .setRequestId("r")
                .setAgent(Identity.newBuilder().setIssuerDomain("d"))
                .build()), "agent.binding");

        assertThat(Expect.valid(GatewayRequests.decode(ListToolsRequest.getDefaultInstance())).grantId()).isNull();
        assertThat(Expect.valid(GatewayRequests.decode(ListToolsRequest.newBuilder().setGrantId(GRANT).build()))
                .grantId()).isEqualTo(GRANT);
        Expect.invalidField(GatewayRequests.decode(ListToolsRequest.newBuilder().setGrantId("g").build()),
                "grant_id");
    }

    private static SettleToolCallRequest costing(String amount, String currency) {
        return SettleToolCallRequest.newBuilder()
                .setRequestId("r")
                .setReservationId(RESERVATION)
                .setOutcome(SettlementOutcome.SETTLEMENT_OUTCOME_SUCCEEDED)
                .setCost(Money.newBuilder().setAmount(amount).setCurrency(currency))
                .build();
    }

    private static JsonObject.Builder statementWithout(String without) {
        var builder = JsonObject.builder();
        JsonObject valid = unsigned(JsonObject.EMPTY).statement();
        for (int i = 0; i < valid.size(); i++) {
            if (!valid.name(i).equals(without)) {
                builder.put(valid.name(i), valid.value(i));
            }
        }
        return builder;
    }

    private static void malformed(JsonObject.Builder statement, @org.jspecify.annotations.Nullable String path) {
        ServiceError error = Expect.error(GatewayRequests.decode(ProcessToolCallRequest.newBuilder()
                .setCall(SignedStatements.encode(SignedStatement.sign(statement.build(), AGENT)))
                .build()));
        assertThat(error.reason()).isEqualTo(ErrorReason.MALFORMED);
        if (path != null) {
            assertThat(error.metadata()).containsEntry("path", path);
        }
    }

    private static void malformed(ByteString json, String path) {
        ServiceError error = Expect.error(GatewayRequests.decode(request(json)));
        assertThat(error.reason()).isEqualTo(ErrorReason.MALFORMED);
        assertThat(error.metadata()).containsEntry("path", path);
    }

    private static ProcessToolCallRequest request(ByteString json) {
        return ProcessToolCallRequest.newBuilder()
                .setCall(io.agentpassport.proto.v1.SignedStatement.newBuilder()
                        .setStatementJson(json)
                        .setSignature(ByteString.copyFrom(new byte[64])))
                .build();
    }

    /** A call of exactly so many bytes: white space is free. */
    private static ByteString ofSize(int bytes) {
        return ByteString.copyFromUtf8(text() + " ".repeat(bytes - text().length()));
    }

    private static String text() {
        return new String(Jcs.bytes(unsigned(JsonObject.EMPTY).statement()), StandardCharsets.UTF_8);
    }
}
