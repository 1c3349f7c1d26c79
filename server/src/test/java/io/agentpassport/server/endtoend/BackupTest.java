package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.CertificateRecord;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the database is made while the service runs, and put back by a person. */
class BackupTest {

    @TempDir
    Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    private static List<String> bindings(TestServer service) {
        return service.admin()
                .certificates()
                .list(null, null)
                .items()
                .stream()
                .map(CertificateRecord::binding)
                .toList();
    }

    private static Path made(TestServer service, String... name) {
        JsonObject answer = Cli.talkingTo(service).run("backup --json", name).json();
        assertThat(answer.number("bytes")).isPositive();
        return Path.of(Objects.requireNonNull(answer.string("path")));
    }

    private Cli.Result restore(Path backup, String... more) {
        String[] args = new String[more.length + 3];
        System.arraycopy(more, 0, args, 0, more.length);
        args[more.length] = backup.toString();
        args[more.length + 1] = "--data";
        args[more.length + 2] = data().toString();
        return Cli.alone().run("restore", args);
    }

    private String serviceLog() {
        return Cli.alone().run("audit export", "--data", data().toString(), "--partition", "0000").ok().out();
    }

    @Test
    void whatWasThereIsThereAgainAndTheLossIsToBeAcceptedAndTold() {
        Path backup;
        try (TestServer service = TestServer.start(folder)) {
            service.agent("agent:before");
            backup = made(service, "monday");
            service.agent("agent:after");
        }
        assertThat(serviceLog()).containsOnlyOnce("\"kind\":\"backup_made\"");

        restore(backup).answersNo("newer commit", "Nothing was done", "--accept-loss");
        try (TestServer service = TestServer.start(folder)) {
            assertThat(bindings(service)).contains("agent:before", "agent:after");
        }

        assertThat(restore(backup, "--accept-loss").ok().out()).contains("lost", "db.replaced-");
        try (TestServer service = TestServer.start(folder)) {
            assertThat(bindings(service)).contains("agent:before").doesNotContain("agent:after");
            service.agent("agent:new");
        }
        assertThat(serviceLog()).contains("restored from the backup monday of ");
        Cli.alone().run("audit verify", "--data", data().toString()).ok();
    }

    @Test
    void onAnotherMachineItNeedsOnlyTheKeysAndTheConfiguration() {
        Path backup;
        AgentIdentity alice;
        try (TestServer service = TestServer.start(folder)) {
            alice = service.agent("agent:alice");
            backup = folder.resolve("elsewhere");
            FileCopies.copy(made(service), backup);
        }
        for (String lost : List.of("db", "anchor", "backups")) {
            FileCopies.remove(data().resolve(lost));
        }

        restore(backup).ok();

        try (TestServer service = TestServer.start(folder)) {
            assertThat(service.session(alice)).isNotNull();
        }
        assertThat(serviceLog()).contains("restored from the backup");
    }

    @Test
    void copiesAreWholeWhileCallsGoOn() {
        Path second;
        try (TestServer service = TestServer.start(folder)) {
            service.gateway().policy("open", "{\"version\":\"1\",\"tools\":{\"echo\":{}}}");
            service.gateway().grant("agent:alice", service.gateway().terms("open", null, "builtin/*"));
            AuthenticatedSession session = service.session(service.agent("agent:alice"));
            var done = new AtomicBoolean();
            CompletableFuture<Integer> calls = CompletableFuture.supplyAsync(() -> {
                int made = 0;
                while (!done.get()) {
                    var unused = new SentCall(service.channel(null), session, Instant.now()).send();
                    made++;
                }
                return made;
            });
            Path first = made(service, "one");
            second = made(service, "two");
            done.set(true);
            assertThat(calls.join()).isPositive();
            for (Path backup : List.of(first, second)) {
                Cli.alone()
                        .run("audit verify", "--data", data().toString(), "--database",
                                backup.resolve("database").toString())
                        .ok();
            }
        }
        assertThat(restore(second, "--accept-loss").ok().out()).contains("Restored");
    }

    @Test
    void oneThatIsDamagedIsNotPutInThePlaceOfAnything() throws IOException {
        Path backup;
        try (TestServer service = TestServer.start(folder)) {
            service.agent("agent:alice");
            backup = made(service, "monday");
        }
        Path table = FileCopies.walk(backup)
                .stream()
                .filter(file -> file.toString().endsWith(".sst"))
                .findFirst()
                .orElseThrow();
        // Its own, so that the database keeps what it shares with it.
        byte[] bytes = Files.readAllBytes(table);
        Files.delete(table);
        bytes[bytes.length / 3] ^= 1;
        Files.write(table, bytes);

        assertThat(restore(backup, "--accept-loss").exitCode()).isNotZero();
        FileCopies.remove(backup.resolve("anchor"));
        assertThat(restore(backup, "--accept-loss").exitCode()).isNotZero();
        FileCopies.remove(backup.resolve("database"));
        restore(backup, "--accept-loss").unusable("is not a backup");
        try (TestServer service = TestServer.start(folder)) {
            assertThat(bindings(service)).contains("agent:alice");
        }
    }

    @Test
    void oneOfAnotherServiceIsNotBelieved() {
        Path backup;
        try (TestServer service = TestServer.start(folder.resolve("other"))) {
            backup = made(service, "monday");
        }
        try (TestServer service = TestServer.start(folder)) {
            service.agent("agent:alice");
        }

        restore(backup, "--accept-loss").unusable("is not the key that it was made with");
    }

    @Test
    void aNameIsGivenOnceAndIsAName() {
        try (TestServer service = TestServer.start(folder)) {
            made(service, "monday");
            Cli.talkingTo(service).run("backup", "monday").refused("there is a backup monday");
            for (String wrong : List.of("../monday", "Monday", "", "a/b", "-a", "a".repeat(65))) {
                assertThat(Cli.talkingTo(service).run("backup", "--", wrong).exitCode()).as(wrong).isNotZero();
            }
            assertThat(data().resolve("backups")).isDirectoryContaining("glob:**/monday");
            restore(data().resolve("backups").resolve("monday")).unusable("in use");
        }
    }
}
