package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.TestServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What admins ask about certificates and sessions, and in which form they are answered. */
class AdminAnswersTest {

    private static final String ZEROS = "sha256:" + "0".repeat(64);

    @TempDir
    Path folder;

    private TestServer service;
    private Cli cli;
    private JsonObject issued;

    @BeforeEach
    void start() {
        service = TestServer.start(folder);
        cli = Cli.talkingTo(service);
        issued = cli.run("issue", "--binding", "agent:alice", "--key", key(), "--out", identity(), "--json").json();
        cli.run("handshake", "--key", key(), "--identity", identity()).ok();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    /** Signed documents keep the form that was signed, with unix milliseconds. */
    @Test
    void everyTimeOfAnAnswerIsAText() {
        String end = Objects.requireNonNull(issued.string("not_after"));
        assertThat(Instant.parse(end)).isAfter(Instant.EPOCH);
        for (String list : new String[]{"certificates list", "sessions list", "grants list", "budgets list",
            "approvals list", "policy list"}) {
            assertThat(cli.run(list, "--json").ok().out()).as(list)
                    .doesNotContainPattern("\"(not_after|[a-z]+_at)\":[0-9]");
        }
        assertThat(cli.run("sessions list", "--json").ok().out()).contains("\"expires_at\":\"" + end)
                .containsPattern("\"established_at\":\"20[0-9-]+T[0-9:.]+Z\"");
        assertThat(cli.run("certificates list", "--json").ok().out()).contains("\"not_after\":\"" + end);
    }

    @Test
    void nobodyNeedsToKnowWhichPartitionKeepsSomething() {
        String certificate = Objects.requireNonNull(issued.string("certificate_id"));
        String session = sessionOf(cli.run("sessions list").ok().out());

        assertThat(cli.run("sessions show", session).ok().out()).contains(session, "partition    0001");
        assertThat(cli.run("sessions end", session).ok().out()).startsWith("ended  " + session);
        cli.run("sessions show", ZEROS).refused("no partition has the session " + ZEROS);
        cli.run("sessions show", session, "--partition", "0000").refused("in partition 0000");
        assertThat(cli.run("certificates show", certificate).ok().out()).contains(certificate);
        assertThat(cli.run("certificates show", identity()).ok().out()).contains(certificate);
        cli.run("revoke", ZEROS, "--reason", "lost").refused("no partition has the certificate " + ZEROS);
        cli.run("revoke", key(), "--reason", "lost").unusable(key() + " is a private key", "what issue writes");
        assertThat(cli.run("revoke", identity(), "--reason", "lost").ok().out()).startsWith("revoked  " + certificate);
        assertThat(cli.run("revoke", certificate, "--reason", "lost").ok().out()).startsWith("revoked  " + certificate);
    }

    private static String sessionOf(String list) {
        return list.substring(list.lastIndexOf("sha256:")).strip();
    }

    private String key() {
        return folder.resolve("agent-alice.key").toString();
    }

    private String identity() {
        return folder.resolve("agent-alice.json").toString();
    }
}
