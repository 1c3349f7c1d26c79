package io.agentpassport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.wire.ApprovalRequests;
import io.agentpassport.wire.Decision;
import io.agentpassport.wire.DecisionCode;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.GatewayAnswers;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.RequestId;
import io.agentpassport.wire.ServiceErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ToolGatewayTest {

    private static final SessionId SESSION = new SessionId("sha256:" + "ab".repeat(32));
    private static final Signer LOG = Signer.fromSeed(new byte[32]);
    private static final LogKey LOG_KEY = new LogKey(TestParties.AUDIENCE, LOG.publicKey());
    private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_123L);
    private static final Set<DecisionCode> NEVER_DENIALS = EnumSet.of(DecisionCode.ALLOWED, DecisionCode.MALFORMED,
            DecisionCode.OVERLOADED, DecisionCode.INVALID_SIGNATURE, DecisionCode.UNAVAILABLE);
    private static final ToolRequest LIST = ToolRequest.of("shop/list", JsonObject.builder().put("n", 1).build());

    private final TestParties parties = new TestParties();

    private interface Exchange {
        void with(FakeGateway gateway, ToolGateway tools) throws Exception;
    }

    private void against(Function<ToolCall, FakeGateway.Reply> replies, Exchange test) throws Exception {
        AgentIdentity identity = parties.identity(Duration.ofHours(1));
        try (var gateway = new FakeGateway(replies);
                PassportClient client = PassportClient.to(gateway.target()).plaintext().open()) {
            var calls = new SessionCalls(client, identity.key(), TestParties.AUDIENCE, SESSION, "0001");
            test.with(gateway, new ToolGateway(calls, identity, new ToolAnswers(null)));
        }
    }

    @Test
    void asksForWhatTheRequestSays() throws Exception {
        List<ToolCall> asked = new ArrayList<>();
        String grant = "grant_" + "0".repeat(24);
        String budget = "sess_" + "0".repeat(24);
        against(call -> {
            asked.add(call);
            return says(allowed("{}"));
        }, (gateway, tools) -> tools.call(LIST.underGrant(grant)
                .requiring("shop:read")
                .spendingAtMost(new Money(Decimal.of(5), "USD"))
                .chargedTo(budget)
                .named("call-1")));
        ToolCall call = asked.get(0);
        assertThat(call.requestId()).isEqualTo("call-1");
        assertThat(call.agentId()).isEqualTo("agent:test");
        assertThat(call.sessionId()).isEqualTo(SESSION);
        assertThat(call.audience()).isEqualTo(TestParties.AUDIENCE);
        assertThat(call.tool().text()).isEqualTo("shop/list");
        assertThat(call.params()).isEqualTo(LIST.params());
        assertThat(call.grantId()).isEqualTo(grant);
        assertThat(call.scopeRequired()).isEqualTo("shop:read");
        assertThat(call.spend()).hasToString("5 USD");
        assertThat(call.budgetSessionId()).isEqualTo(budget);
    }

    @Test
    void givesTheResult() throws Exception {
        against(call -> says(allowed("{\"isError\":true}")), (gateway, tools) -> assertThat(tools.call(LIST))
                .asInstanceOf(type(ToolCallAnswer.Completed.class))
                .satisfies(done -> {
                    assertThat(done.isError()).isTrue();
                    assertThat(done.result().has("isError")).isTrue();
                    assertThat(done.cost()).hasToString("3 USD");
                    assertThat(done.stored()).isTrue();
                }));
        against(call -> says(GatewayAnswers.processed(decision(DecisionCode.ALLOWED),
                new GatewayAnswers.Allowed(GatewayAnswers.Run.UNKNOWN_OUTCOME, ByteString.EMPTY, false, null, null,
                        true),
                null)),
                (gateway, tools) -> assertThat(tools.call(LIST))
                        .asInstanceOf(type(ToolCallAnswer.WithoutResult.class))
                        .extracting(ToolCallAnswer.WithoutResult::why)
                        .isEqualTo(GatewayAnswers.Run.UNKNOWN_OUTCOME));
    }

    @Test
    void hasATypeForEveryDenial() throws Exception {
        Map<DecisionCode, Class<?>> types = new ConcurrentHashMap<>();
        for (DecisionCode code : DecisionCode.values()) {
            if (!NEVER_DENIALS.contains(code)) {
                against(call -> says(denied(code)), (gateway, tools) -> {
                    ToolCallAnswer answer = tools.call(LIST);
                    assertThat(answer).isInstanceOf(ToolDenial.class);
                    assertThat(answer.decision().code()).isEqualTo(code);
                    types.put(code, answer.getClass());
                });
            }
        }
        assertThat(types.values()).containsExactlyInAnyOrder(ToolDenial.class.getPermittedSubclasses());
        against(call -> says(denied(DecisionCode.MALFORMED)),
                (gateway, tools) -> assertThatThrownBy(() -> tools.call(LIST)).isInstanceOf(PassportException.class)
                        .hasMessageContaining("MALFORMED"));
    }

    @Test
    void tellsWhatADenialSays() throws Exception {
        against(call -> says(denied(DecisionCode.APPROVAL_REQUIRED)), (gateway, tools) -> assertThat(tools.call(LIST))
                .asInstanceOf(type(ToolDenial.ApprovalRequired.class))
                .satisfies(waits -> {
                    assertThat(waits.approvalId()).isEqualTo("appr_1");
                    assertThat(waits.state()).isEqualTo("pending");
                    assertThat(waits.expiresAt()).isEqualTo(AT);
                    assertThat(waits.retryAfter()).isEqualTo(Duration.ofMillis(1_500));
                    assertThat(waits.decision().rule()).isEqualTo("shop@3#/x");
                }));
    }

    @Test
    void aCallThatIsUnderWayIsAnsweredBeforeItsConnectionEnds() throws Exception {
        var arrived = new CountDownLatch(1);
        var answered = new CountDownLatch(1);
        AgentIdentity identity = parties.identity(Duration.ofHours(1));
        try (var gateway = new FakeGateway(call -> {
            arrived.countDown();
            await(answered);
            return says(allowed("{}"));
        })) {
            PassportClient client = PassportClient.to(gateway.target()).plaintext().open();
            var calls = new SessionCalls(client, identity.key(), TestParties.AUDIENCE, SESSION, "0001");
            var tools = new ToolGateway(calls, identity, new ToolAnswers(null));
            CompletableFuture<ToolCallAnswer> called = CompletableFuture.supplyAsync(() -> tools.call(LIST));
            await(arrived);
            Thread closing = new Thread(client::close);
            closing.start();
            while (closing.isAlive() && closing.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            answered.countDown();

            assertThat(called.get(60, TimeUnit.SECONDS)).isInstanceOf(ToolCallAnswer.Completed.class);
            closing.join();
            assertThatThrownBy(() -> tools.call(LIST)).isInstanceOf(PassportException.class);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void sendsTheSameBytesAgainWhenThatIsSafe() throws Exception {
        var tries = new AtomicInteger();
        against(call -> switch (tries.incrementAndGet()) {
            case 1 -> new FakeGateway.Fails(ServiceErrors.partitionUnavailable("0001", Duration.ofMillis(1)));
            case 2 -> new FakeGateway.Fails(GatewayErrors.running(new RequestId("r"), Duration.ofMillis(1)));
            default -> says(allowed("{}"));
        }, (gateway, tools) -> {
            assertThat(tools.call(LIST)).isInstanceOf(ToolCallAnswer.Completed.class);
            assertThat(gateway.statements).hasSize(3);
            assertThat(Set.copyOf(gateway.statements)).hasSize(1);
            assertThat(gateway.proofs).isEmpty();
        });
    }

    @Test
    void sendsNothingAgainThatWasRefused() throws Exception {
        against(call -> new FakeGateway.Fails(GatewayErrors.invalidSignature()), (gateway, tools) -> {
            assertThatThrownBy(() -> tools.call(LIST)).asInstanceOf(type(PassportException.class))
                    .satisfies(e -> assertThat(e.errorReason()).isEqualTo(ErrorReason.INVALID_SIGNATURE));
            assertThat(gateway.statements).hasSize(1);
        });
    }

    @Test
    void refusesToSignWhatTheGatewayWouldNotTake() throws Exception {
        against(call -> says(allowed("{}")), (gateway, tools) -> {
            assertThatThrownBy(() -> tools.sign(LIST.underGrant("grant"))).hasMessageContaining("grant_id");
            assertThatThrownBy(() -> ToolRequest.of("a/b/c", JsonObject.EMPTY)).hasMessageContaining("a/b/c");
            assertThat(gateway.statements).isEmpty();
        });
    }

    @Test
    void believesNoAnswerWhoseReceiptDoesNotVerify() throws Exception {
        against(call -> says(answer(call, DecisionCode.ALLOWED, LOG)), (gateway, tools) -> assertThat(
                tools.verifyingBy(LOG_KEY).call(LIST).receipt()).isNotNull());
        distrusted(call -> answer(call, DecisionCode.ALLOWED, Signer.fromSeed(filled(1))), "does not verify");
        distrusted(call -> answer(call, DecisionCode.LIMIT, LOG), "another call or decision");
        distrusted(
                call -> answer(LOG, decided(call, "call_decided", "preview", DecisionCode.ALLOWED), settled("result")),
                "another call or decision");
        distrusted(call -> answer(LOG, decided(call, "call_shown", "run", DecisionCode.ALLOWED), settled("result")),
                "another call or decision");
        distrusted(call -> answer(LOG, decided(call, "call_decided", "run", DecisionCode.ALLOWED)),
                "another call or decision");
        distrusted(call -> withdrawn(call, "result"), "another call or decision");
        against(call -> says(withdrawn(call, "not_run")), (gateway, tools) -> assertThat(
                tools.verifyingBy(LOG_KEY).call(LIST)).isInstanceOf(ToolDenial.Revoked.class));
        distrusted(call -> allowed("{}"), "no receipt");
        distrusted(call -> allowed("{}").toBuilder().setReceiptJson(ByteString.copyFromUtf8("{}")).build(),
                "is none");
        var one = new AtomicInteger();
        var first = new ArrayList<ProcessToolCallResponse>();
        against(call -> {
            if (one.getAndIncrement() == 0) {
                first.add(answer(call, DecisionCode.ALLOWED, LOG));
            }
            return says(first.get(0));
        }, (gateway, tools) -> {
            tools.verifyingBy(LOG_KEY).call(LIST);
            assertThatThrownBy(() -> tools.verifyingBy(LOG_KEY).call(LIST)).hasMessageContaining("another call");
        });
    }

    private void distrusted(Function<ToolCall, ProcessToolCallResponse> answer, String why) throws Exception {
        against(call -> says(answer.apply(call)), (gateway, tools) -> assertThatThrownBy(
                () -> tools.verifyingBy(LOG_KEY).call(LIST)).isInstanceOf(PassportException.class)
                .hasMessageContaining(why));
    }

    @Test
    void aStreamGivesEachCallItsOwnAnswer() throws Exception {
        against(call -> call.requestId().equals("bad")
                ? new FakeGateway.Fails(GatewayErrors.malformed("/params", "is bad"))
                : says(call.requestId().equals("no") ? denied(DecisionCode.LIMIT) : allowed("{}")),
                (gateway, tools) -> {
                    List<CompletableFuture<ToolCallAnswer>> answers;
                    try (ToolCallStream stream = tools.open()) {
                        answers = List.of(stream.call(LIST.named("yes")), stream.call(LIST.named("no")),
                                stream.call(LIST.named("bad")));
                    }
                    assertThat(answers.get(0)).isCompletedWithValueMatching(ToolCallAnswer.Completed.class::isInstance);
                    assertThat(answers.get(1)).isCompletedWithValueMatching(ToolDenial.LimitReached.class::isInstance);
                    assertThatThrownBy(answers.get(2)::join).hasCauseInstanceOf(PassportException.class)
                            .hasMessageContaining("/params");
                    assertThat(gateway.proofs).hasSize(1);
                });
    }

    @Test
    void aStreamThatBreaksLeavesNobodyWaiting() throws Exception {
        var holder = new ArrayList<FakeGateway>();
        against(call -> {
            holder.get(0).close();
            // An answer could still get through before the connection is gone.
            return new FakeGateway.SaysNothing();
        }, (gateway, tools) -> {
            holder.add(gateway);
            ToolCallStream stream = tools.open();
            CompletableFuture<ToolCallAnswer> broken = stream.call(LIST);
            assertThatThrownBy(broken::join).hasCauseInstanceOf(PassportException.class);
            stream.close();
            assertThatThrownBy(stream.call(LIST)::join).hasMessageContaining("open another");
        });
    }

    private static FakeGateway.Reply says(ProcessToolCallResponse response) {
        return new FakeGateway.Says(response);
    }

    private static Decision decision(DecisionCode code) {
        return new Decision(code, "shop@3#/x", "words", null, null, List.of(), null, null);
    }

    private static ProcessToolCallResponse allowed(String result) {
        return allowed(result, null);
    }

    private static ProcessToolCallResponse allowed(String result, @Nullable Receipt receipt) {
        return GatewayAnswers.processed(decision(DecisionCode.ALLOWED),
                new GatewayAnswers.Allowed(GatewayAnswers.Run.RESULT, ByteString.copyFromUtf8(result), true,
                        new Money(Decimal.of(3), "USD"), null, true),
                receipt);
    }

    private static ProcessToolCallResponse denied(DecisionCode code) {
        return GatewayAnswers.processed(decision(code), new GatewayAnswers.Denied(Duration.ofMillis(1_500),
                new GatewayAnswers.PendingApproval("appr_1", ApprovalRequests.State.PENDING, AT)), null);
    }

    /** An allowed answer with the receipt of a log in which that was decided of the call, and its run was settled. */
    private static ProcessToolCallResponse answer(ToolCall call, DecisionCode code, Signer logKey) {
        return answer(logKey, decided(call, "call_decided", "run", code), settled("result"));
    }

    /** A denial of what was allowed, and ended so. */
    private static ProcessToolCallResponse withdrawn(ToolCall call, String outcome) {
        return denied(DecisionCode.REVOKED).toBuilder()
                .setReceiptJson(answer(LOG, decided(call, "call_decided", "run", DecisionCode.ALLOWED),
                        settled(outcome)).getReceiptJson())
                .build();
    }

    private static ProcessToolCallResponse answer(Signer logKey, JsonObject.Builder... drafts) {
        CompactRange tree = CompactRange.EMPTY;
        List<JsonObject> entries = new ArrayList<>();
        List<TreeHash> leaves = new ArrayList<>();
        for (JsonObject.Builder draft : drafts) {
            JsonObject entry = draft.put("spec", LogEntry.SPEC)
                    .put("index", entries.size())
                    .put("time", 1_700_000_000_000d)
                    .put("private_commitment",
                            LogEntry.commitment(new PrivateMembers(JsonObject.EMPTY, Nonce.of(new byte[16]))))
                    .build();
            LogEntry parsed = LogEntry.fromJson(entry);
            if (parsed == null) {
                throw new AssertionError("not an entry: " + entry);
            }
            entries.add(entry);
            leaves.add(parsed.leafHash());
            tree = tree.append(parsed.leafHash());
        }
        List<Receipt.Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            // Of a log of one entry or two, the path is the other one.
            evidence.add(
                    new Receipt.Evidence(entries.get(i), leaves.size() == 1 ? List.of() : List.of(leaves.get(1 - i)),
                            null));
        }
        String note = new Checkpoint(LOG_KEY.origin("0001"), entries.size(), tree.root()).sign(logKey);
        return allowed("{}", new Receipt(evidence, note));
    }

    private static JsonObject.Builder decided(ToolCall call, String kind, String mode, DecisionCode code) {
        return JsonObject.builder()
                .put("kind", kind)
                .put("mode", mode)
                .put("call", JsonObject.builder().put("digest", call.digest().text()).build())
                .put("code", code.name());
    }

    private static JsonObject.Builder settled(String outcome) {
        return JsonObject.builder().put("kind", "call_settled").put("settles", 0).put("outcome", outcome);
    }

    private static byte[] filled(int value) {
        var bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
