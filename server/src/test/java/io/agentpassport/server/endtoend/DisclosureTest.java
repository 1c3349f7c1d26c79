package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.proto.v1.AuditServiceGrpc;
import io.agentpassport.proto.v1.GetCheckpointRequest;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.server.GatewaySetup;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.gateway.grant.Grant;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is stored is told to nobody who has not proved who it is: whatever is wrong with who asks has one answer, equal in
 * every byte, and comes before everything that depends on what is stored. And what a caller may not know of is not there.
 */
class DisclosureTest {

    private static final JsonParser PARSER = JsonParser.with(new JsonLimits(1 << 20, 64, 100_000, true, false));
    private static Instant now;
    private static final String POLICY = """
            {"version":"1","hide":["builtin/clock"],"tools":{
              "builtin/echo":{"limits":[{"counter":"c","window":"day","max":1}],"price":{"amount":"6","currency":"USD"}},
              "builtin/calculator":{"action":"require_approval","reason":"sums"}}}""";

    private static TestServer service;
    private static GatewaySetup people;
    private static AuthenticatedSession victim;
    private static AuthenticatedSession ended;
    private static AuthenticatedSession revoked;
    private static AuthenticatedSession tired;
    private static Grant over;
    private static final Signer STRANGER = AgentKey.generate(TestServer.NONCES).signer();

    @BeforeAll
    static void start(@TempDir Path folder) {
        // The clock stands still: what is used up stays so.
        Instant still = Instant.now();
        now = still;
        service = TestServer.start(folder, () -> still);
        people = service.gateway();
        people.policy("known", POLICY);
        people.grant("agent:victim", people.terms("known", "10", "builtin/*"));
        over = people.grant("agent:victim", people.terms("known", null, "builtin/echo"));
        people.revoke(over.id());
        victim = service.session(service.agent("agent:victim"));
        ended = service.session(service.agent("agent:ended"));
        ended.end("done");
        revoked = service.session(service.agent("agent:revoked"));
        service.admin()
                .certificates()
                .revoke(revoked.identity().certificateId().text(), revoked.identity().partition(), "lost");
        tired = service.session(service.agent("agent:tired"));
        // Only now that the others stand: it has used up its rate.
        String word = "";
        while (!word.equals("RATE")) {
            word = call(tired).send().word();
        }
        assertThat(call(victim).named("used").send().word()).isEqualTo("ALLOWED");
        assertThat(call(victim).tool("builtin/calculator", JsonObject.EMPTY).named("asked").send().word())
                .isEqualTo("APPROVAL_REQUIRED");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static SentCall call(AuthenticatedSession of) {
        return new SentCall(service.channel(null), of, now);
    }

    /** Calls of which each would be answered otherwise, if whoever sends it were the agent. */
    private static Map<String, SentCall> byWhomeverTheyAre() {
        Map<String, SentCall> calls = new LinkedHashMap<>();
        calls.put("ALLOWED, stored", call(victim).named("used"));
        calls.put("LIMIT", call(victim));
        calls.put("BUDGET", call(victim).spending("1"));
        calls.put("APPROVAL_REQUIRED", call(victim).tool("builtin/calculator", JsonObject.EMPTY));
        calls.put("UNKNOWN_TOOL, hidden", call(victim).tool("builtin/clock", JsonObject.EMPTY));
        calls.put("UNKNOWN_TOOL", call(victim).tool("none/none", JsonObject.EMPTY));
        calls.put("NO_GRANT", call(victim).requiring("bank:pay"));
        calls.put("STALE", call(victim).issuedAt(now.minusSeconds(3_600)));
        calls.put("REVOKED, its grant", call(victim).under(over.id().text()));
        calls.put("REVOKED", call(revoked));
        calls.put("SESSION_INVALID", call(ended));
        calls.put("RATE", call(tired));
        return calls;
    }

    private static String checkpoint() {
        return AuditServiceGrpc.newBlockingStub(service.channel(service.adminCredential()))
                .getCheckpoint(GetCheckpointRequest.newBuilder().setPartition("0001").build())
                .toString();
    }

    @Test
    void whateverIsWrongWithWhoAsksIsOneAnswerInEveryByteAndLeavesNoTrace() {
        String before = checkpoint();
        Map<String, String> reference = call(victim).in("sha256:" + "ab".repeat(32)).send().said();
        assertThat(reference.get("status")).startsWith(Status.Code.UNAUTHENTICATED.name());
        assertThat(reference).containsKey("grpc-status-details-bin");

        Map<String, SentCall> wrong = new LinkedHashMap<>();
        byWhomeverTheyAre().forEach((what, call) -> wrong.put("another key: " + what, call.signedBy(STRANGER)));
        byWhomeverTheyAre().forEach((what, call) -> wrong.put("another audience: " + what,
                call.to("passport://elsewhere")));
        byWhomeverTheyAre().forEach((what, call) -> wrong.put("another agent: " + what, call.by("agent:other")));
        wrong.put("no such session, right key", call(victim).in("sha256:" + "cd".repeat(32)));
        wrong.put("no such session, any key", call(victim).in("sha256:" + "cd".repeat(32)).signedBy(STRANGER));
        wrong.put("another's session, own key", call(victim).in(tired.id()));
        wrong.put("another's session and name, own key", call(victim).in(tired.id()).by("agent:tired"));
        wrong.put("no agent of ours", call(victim).by("agent:nobody").signedBy(STRANGER));
        wrong.put("everything", call(victim).in("sha256:" + "cd".repeat(32))
                .by("agent:x")
                .to("x://y")
                .signedBy(STRANGER));
        wrong.forEach((what, call) -> assertThat(call.send().said()).as(what).isEqualTo(reference));

        assertThat(checkpoint()).as("the log").isEqualTo(before);
    }

    @Test
    void aCallThatIsNoneIsSaidToBeNoneWhoeverSendsIt() {
        for (Map.Entry<String, SentCall> one : byWhomeverTheyAre().entrySet()) {
            SentCall.Outcome own = one.getValue().mangled(call -> call.with("params", JsonArray.EMPTY)).send();
            assertThat(own.word()).as(one.getKey()).isEqualTo("MALFORMED");
            assertThat(one.getValue().signedBy(STRANGER).send().said()).as(one.getKey()).isEqualTo(own.said());
            assertThat(one.getValue().in("sha256:" + "ab".repeat(32)).send().said()).as(one.getKey())
                    .isEqualTo(own.said());
        }
    }

    @Test
    void aKeyInTheRequestIsNotTaken() {
        JsonString key = new JsonString(AgentKey.generate(TestServer.NONCES).publicKey().hex());
        for (String name : new String[]{"public_key", "agent_key", "jwk", "certificate"}) {
            assertThat(call(victim).mangled(call -> call.with(name, key)).signedBy(STRANGER).send().word()).as(name)
                    .isIn("MALFORMED", "INVALID_SIGNATURE");
        }
    }

    @Test
    void strangersUseUpNothingOfAnAgentsOwn() {
        AuthenticatedSession other = service.session(service.agent("agent:popular"));
        for (int i = 0; i < 40; i++) {
            assertThat(call(other).signedBy(STRANGER).send().word()).isEqualTo("INVALID_SIGNATURE");
        }
        assertThat(call(other).send().word()).isEqualTo("NO_GRANT");
    }

    @Test
    void aToolThatIsHiddenOrUnderQuarantineIsAnsweredAsOneThatIsNotThere() {
        JsonObject none = withoutItsNames(call(victim).tool("builtin/never", JsonObject.EMPTY).send().answer());
        assertThat(withoutItsNames(call(victim).tool("builtin/clock", JsonObject.EMPTY).send().answer()))
                .isEqualTo(none);
        service.admin().upstreams().quarantine("builtin", "calculator", "it changed");
        assertThat(withoutItsNames(call(victim).tool("builtin/calculator", JsonObject.EMPTY).send().answer()))
                .isEqualTo(none);
    }

    /** All of an answer and of its receipt's entry but what names this very call. */
    private static JsonObject withoutItsNames(ProcessToolCallResponse answer) {
        JsonObject receipt = ((JsonParser.Parsed) PARSER.parse(answer.getReceiptJson().toByteArray())).object();
        JsonArray entries = (JsonArray) Objects.requireNonNull(receipt.get("entries"));
        JsonObject entry = Objects.requireNonNull(((JsonObject) entries.values().get(0)).object("entry"));
        JsonObject call = Objects.requireNonNull(entry.object("call"));
        for (String name : new String[]{"request_id", "digest", "signature_b64", "tool"}) {
            call = call.with(name, new JsonString(""));
        }
        ProcessToolCallResponse.Builder rest = answer.toBuilder().clearReceiptJson();
        rest.getDecisionBuilder().clearCallDigest();
        return entry.with("call", call)
                .with("index", new JsonNumber(0))
                .with("private_commitment", new JsonString(""))
                .with("answer", new JsonString(rest.build().toString().replaceAll("builtin/[a-z]+", "TOOL")));
    }
}
