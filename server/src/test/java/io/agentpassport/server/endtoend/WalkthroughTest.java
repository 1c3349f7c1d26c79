package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.config.ServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells people to type, typed. */
class WalkthroughTest {

    private static final Pattern SESSION_ID = Pattern.compile("sha256:[0-9a-f]{64}");

    @TempDir
    Path scratch;

    @Test
    void theDemoTellsItsStory() {
        Cli.Result demo = Cli.alone().run("demo").ok().noTrace();

        assertThat(demo.out()).contains("embedded RocksDB", "its attest       refused: signature_invalid (attest)",
                "the second       refused: replay_detected (challenge_consumed)",
                "a new handshake  refused: revoked_anchor (certificate)", "19.99 * 3        59.97",
                "demo@1#/tools/calculator/deny_if/0", "LIMIT: the limit echoes is used up",
                "BUDGET: the budget session does not cover the price", "APPROVAL_REQUIRED: Somebody asks",
                "the same request ran: ", "not run again", "every one in its place", "All of it went as it should.");
        assertThat(Pattern.compile("the (agent|service|shop) +" + SESSION_ID)
                .matcher(demo.out())
                .results()
                .map(line -> SESSION_ID.matcher(line.group())
                        .results()
                        .map(MatchResult::group)
                        .findFirst()
                        .orElseThrow())
                .toList()).as("one session with the service, one with the shop, each told by both sides")
                .hasSize(4)
                .satisfies(ids -> assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2)))
                .satisfies(ids -> assertThat(ids.get(2)).isEqualTo(ids.get(3)));
    }

    @Test
    void anAdminHandsOutATokenAndItsHolderComesToASession() throws Exception {
        try (TestServer service = TestServer.start(scratch)) {
            Cli admin = Cli.talkingTo(service);
            JsonObject token = admin.run("join-token", "--binding", "agent:alice", "--principal", "Alice Ltd",
                    "--grade", "1", "--capability", "orders:read", "--life", "30m", "--renewable-for", "7d", "--ttl",
                    "5m", "--json").json();
            Path key = scratch.resolve("alice.key");
            Path identity = scratch.resolve("alice.json");

            JsonObject issued = admin.reading(text(token, "join_token") + "\n")
                    .run("issue", "--binding", "agent:alice", "--key", key.toString(), "--out", identity.toString(),
                            "--join-token", "-", "--audience", text(token, "audience"), "--publisher",
                            text(token, "publisher_pubkey_hex"), "--json")
                    .json();
            JsonObject session = admin
                    .run("handshake", "--key", key.toString(), "--identity", identity.toString(), "--json")
                    .json();

            JsonObject record = Objects.requireNonNull(session.object("session"));
            assertThat(text(record, "session_id")).isEqualTo(text(session, "session_id"));
            assertThat(service.admin()
                    .sessions()
                    .get(text(session, "session_id"), text(session, "partition"))
                    .state()).isEqualTo("active");

            JsonObject revoked = admin.run("revoke", text(issued, "certificate_id"), "--partition",
                    text(issued, "partition"), "--reason", "gone", "--json").json();
            assertThat(text(revoked, "state")).isEqualTo("revoked");
            admin.run("handshake", "--key", key.toString(), "--identity", identity.toString())
                    .refused("revoked_anchor (certificate)");
        }
    }

    @Test
    void aTokenComesWithTheKeysByWhichTheServiceIsKnownAgain() throws Exception {
        try (TestServer service = TestServer.start(scratch)) {
            Cli admin = Cli.talkingTo(service);
            String[] line = {"--binding", "agent:keys", "--principal", "Alice"};
            assertThat(text(admin.run("join-token", join(line, "--json")).json(), "log_pubkey_hex"))
                    .isEqualTo(service.server().logKey().hex());
            assertThat(admin.run("join-token", line).ok().out().lines().takeWhile(said -> !said.isEmpty()).toList())
                    .as("one column of names, one of values")
                    .hasSize(5)
                    .allMatch(said -> said.matches("[a-z ]{12} \\S.*"))
                    .anyMatch(said -> said.startsWith("log key      " + service.server().logKey().hex()));
        }
    }

    @Test
    void attestsAndBundlesAreJudgedHereAsByTheService() throws Exception {
        try (TestServer service = TestServer.start(scratch)) {
            Cli cli = Cli.talkingTo(service);
            AgentIdentity agent = service.agent("agent:judged");
            HandshakeSteps steps = HandshakeSteps.begin(service.anyone().handshakeCalls(), agent);
            Path attest = write("attest.json", steps.attest().json());
            Path greeted = write("greeted.json", steps.greeted().json());
            Path bundle = scratch.resolve("bundle.json");
            JsonObject got = cli.run("bundle get", "--out", bundle.toString(), "--json").json();
            String[] nonces = {"--peer-nonce", String.valueOf(steps.greeted().ownNonceText()), "--own-nonce",
                steps.nonce().text()};

            Cli.alone().run("verify-attest", join(nonces, attest.toString(), "--anchors", bundle.toString())).ok();
            cli.run("verify-attest", join(nonces, attest.toString(), "--ask-service")).ok();
            String[] crossed = {"--peer-nonce", steps.nonce().text(), "--own-nonce", steps.nonce().text()};
            Cli.alone()
                    .run("verify-attest", join(crossed, attest.toString(), "--anchors", bundle.toString()))
                    .answersNo("refused: nonce_mismatch (peer_nonce)");
            cli.run("verify-attest", join(crossed, attest.toString(), "--ask-service"))
                    .answersNo("refused: nonce_mismatch (peer_nonce)");

            String now = String.valueOf((long) HandshakeSteps.now());
            String here = Cli.alone()
                    .run("derive-session", attest.toString(), greeted.toString(), "--anchors", bundle.toString(),
                            "--now", now, "--policy", write("policy.json", policy()).toString())
                    .ok()
                    .out();
            String there = cli.run("derive-session", attest.toString(), greeted.toString(), "--ask-service", "--now",
                    now, "--policy", scratch.resolve("policy.json").toString()).ok().out();
            assertThat(there).isEqualTo(here).contains(agent.certificate().binding());

            Cli.alone().run("bundle verify", bundle.toString(), "--publisher", text(got, "publisher_pubkey_hex")).ok();
            Cli.alone()
                    .run("bundle verify", bundle.toString(), "--publisher", "ab".repeat(32))
                    .answersNo("refused: untrusted_publisher");
            // Shortly after its start the service may publish anew between the two.
            assertThat(Stream.generate(() -> {
                cli.run("bundle get", "--out", bundle.toString()).ok();
                return cli.run("bundle import", bundle.toString()).exitCode();
            }).limit(3)).contains(0);
            assertThat(cli.run("bundle publishers").ok().out())
                    .startsWith("PUBLISHER  ")
                    .contains("this service");
            assertThat(cli.run("bundle anchors").ok().out()).startsWith("STATE     ").contains("in_force");
        }
    }

    @Test
    void aSavedHandshakeIsJudgedByTheCommandsThatItNames() throws Exception {
        try (TestServer service = TestServer.start(scratch)) {
            Cli cli = Cli.talkingTo(service);
            String key = scratch.resolve("s.key").toString();
            String identity = scratch.resolve("s.json").toString();
            cli.run("issue", "--binding", "agent:saved", "--key", key, "--out", identity).ok();
            Path shaken = scratch.resolve("shaken");
            List<String> told = cli
                    .run("handshake", "--key", key, "--identity", identity, "--save", shaken.toString())
                    .ok()
                    .out()
                    .replace("\\\n", "")
                    .lines()
                    .filter(line -> line.startsWith("  passport "))
                    .toList();

            assertThat(told).hasSize(3);
            for (String line : told) {
                String[] words = line.strip().split(" +", -1);
                Cli.alone().run(words[1], Arrays.copyOfRange(words, 2, words.length)).ok();
            }
            String[] attests = {shaken.resolve("agent-attest.json").toString(),
                shaken.resolve("service-attest.json").toString(), "--derivation-only", "--now",
                String.valueOf((long) HandshakeSteps.now())};
            assertThat(Cli.alone().run("derive-session", attests).ok().out())
                    .as("the same whoever derives, with the policy that both have")
                    .isEqualTo(cli.run("derive-session", join(attests, "--ask-service")).ok().out());
        }
    }

    @Test
    void anAdminLooksAtCertificatesAndSessionsAndEndsOne() throws Exception {
        try (TestServer service = TestServer.start(scratch)) {
            Cli admin = Cli.talkingTo(service);
            AgentIdentity agent = service.agent("agent:listed");
            service.agent("agent:other");
            String id = service.session(agent).id();
            String partition = agent.partition();

            assertThat(admin.run("certificates list", "--binding", "agent:listed").ok().out())
                    .contains("STATE", "agent:listed", agent.certificateId().text())
                    .doesNotContain("agent:other");
            JsonObject first = admin.run("certificates list", "--limit", "1", "--json").json();
            assertThat(Objects.requireNonNull((JsonArray) first.get("certificates")).values()).hasSize(1);
            JsonObject second = admin
                    .run("certificates list", "--json", "--page-token", text(first, "next_page_token"))
                    .json();
            assertThat(second.get("certificates")).isNotEqualTo(first.get("certificates"));
            assertThat(text(admin.run("certificates show", agent.certificateId().text(), "--partition", partition,
                    "--json").json(), "principal")).isEqualTo("somebody");
            assertThat(admin.run("certificates list", "--state", "revoked").ok().out()).isEqualTo("none\n");

            assertThat(admin.run("sessions list", "--state", "active").ok().out()).contains("agent:listed", id);
            assertThat(admin.run("sessions end", id, "--partition", partition, "--reason", "over").ok().out())
                    .startsWith("ended  " + id);
            assertThat(admin.run("sessions show", id, "--partition", partition).ok().out()).contains("ended", "over");
            assertThat(admin.run("sessions list", "--state", "active").ok().out()).isEqualTo("none\n");
        }
    }

    @Test
    void aLostKeyIsReplacedAsTheServerSays() throws Exception {
        AgentIdentity before;
        Path key;
        try (TestServer service = TestServer.start(scratch)) {
            before = service.agent("agent:before");
            key = service.data().keys().resolve("issuing.pem");
        }
        Files.delete(key);
        Cli.alone()
                .run("server", "--data", scratch.resolve("data").toString(), "--port", "0")
                .unusable("passport keygen --out " + key);
        Cli.alone().run("keygen", "--out", key.toString()).ok();
        try (TestServer service = TestServer.start(scratch)) {
            service.session(service.agent("agent:after"));
            service.session(before);
        }
    }

    @Test
    void aRunningServiceAnswersTheVectorsThatItServes() throws Exception {
        try (TestServer service = TestServer.start(scratch, ServerConfig::forDevelopment)) {
            Cli.Result result = Cli.talkingTo(service).run("conformance", "../conformance-vectors/suites", "--json");

            assertThat(result.exitCode()).as(result.out()).isZero();
            JsonObject report = result.json();
            assertThat(report.number("failed")).isZero();
            assertThat(Objects.requireNonNull(report.number("passed"))).isGreaterThan(300);
        }
    }

    private static JsonObject policy() {
        return JsonObject.builder()
                .put("accepted_versions", List.of("1.0"))
                .put("max_session_ms", 60_000.0)
                .build();
    }

    private Path write(String name, JsonObject document) throws Exception {
        return Files.write(scratch.resolve(name), Jcs.bytes(document));
    }

    private static String text(JsonObject document, String member) {
        return Objects.requireNonNull(document.string(member), member);
    }

    private static String[] join(String[] some, String... others) {
        String[] all = Arrays.copyOf(others, others.length + some.length);
        System.arraycopy(some, 0, all, others.length, some.length);
        return all;
    }
}
