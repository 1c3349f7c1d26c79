package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.client.AuditLog;
import io.agentpassport.client.LogEntryRecord;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.Watch;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.server.issuance.ServiceKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a service that runs: read and taken away by an admin, seen by an agent, and believed as far as it is proven. */
class AuditCliTest {

    private static final String PARTITION = "0001";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ApprovalWorld world;
    private Cli cli;

    @BeforeEach
    void start() {
        world = new ApprovalWorld(folder);
        cli = Cli.talkingTo(world.service);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void showsTheNewestEntries() {
        String id = world.held(world.echo("hello"));
        cli.run("approvals deny", id, "--comment", "no").ok();
        String tail = cli.run("audit tail", "-n", "2").ok().out();
        assertThat(tail.lines()).hasSize(2);
        assertThat(tail).contains("builtin/echo", "APPROVAL_REQUIRED", "approval_voted", ApprovalWorld.AGENT)
                .doesNotContain("admin");
        assertThat(cli.run("audit tail", "-n", "1", "--private").ok().out()).contains("\"approver\":\"admin\"");
        JsonObject newest = cli.run("audit tail", "-n", "1", "--json").json();
        assertThat(newest.string("kind")).isEqualTo("approval_voted");
        assertThat(cli.run("audit tail", "--partition", "0000").ok().out())
                .containsPattern("policy_put +asks@1  file:asks.json\n");
        assertThat(cli.run("audit tail", "--binding", "agent:nobody").ok().out()).isEmpty();
        assertThat(cli.run("audit tail", "-n", "1", "--follow", "--for", "100ms").ok().out().lines()).hasSize(1);
    }

    @Test
    void anExportOfARunningServiceVerifiesWithoutIt() throws IOException {
        cli.run("approvals deny", world.held(world.echo("hello"))).ok();
        Path out = folder.resolve("log.jsonl");
        cli.run("audit export", "--partition", PARTITION, "--out", out.toString()).ok();
        assertThat(Files.readString(out)).doesNotContain("\"private\"");
        String[] key = {"--log-key", world.logKey().key().hex(), "--audience", ApprovalWorld.AUDIENCE};
        assertThat(verify(out, key).ok().out()).startsWith("ok");
        cli.run("audit export", "--partition", PARTITION, "--private", "--out", out.toString()).ok();
        assertThat(Files.readString(out)).contains("\"private\"");
        assertThat(verify(out, key).ok().out()).startsWith("ok");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");

        // Without the server's address: the data folder is in use, so its server is asked, which is not at the usual place.
        Cli.alone()
                .run("audit tail", "--data", world.service.data().toString())
                .unusable("cannot reach localhost:7443");
        String data = world.service.data().toString();
        Cli.alone()
                .run("audit verify", "--data", data)
                .unusable("the server that runs on " + data,
                        "passport audit export --out log.jsonl --data " + data
                                + " && passport audit verify log-*.jsonl");
        Cli.alone()
                .run("audit receipt", out.toString(), "--data", data)
                .unusable(out + " is an export of the log, and a receipt was wanted: what call --receipt FILE writes");
        Cli.alone()
                .reading(Files.readString(out))
                .run("audit verify", "-", key[0], key[1], key[2], key[3])
                .ok();
        Files.writeString(out, Files.readString(out).replaceFirst("\"kind\":\"[a-z_]*\"", "\"kind\":\"nothing\""));
        verify(out, key).answersNo("WRONG");
        Cli.alone()
                .reading(Files.readString(out))
                .run("audit verify", "-", key[0], key[1], key[2], key[3])
                .answersNo("WRONG");
        Path other = Files.writeString(folder.resolve("other.json"), "{}");
        verify(other, key).answersNo("WRONG  " + other + "  0 entries");
    }

    /** Where others may write too, such as /tmp: they guess names, and put links there before. */
    @Test
    void anExportIsItsOwnersAloneAndWritesToNoLink() throws IOException {
        Path others = Files.writeString(folder.resolve("others"), "theirs");
        Path out = folder.resolve("log.jsonl");
        Files.createSymbolicLink(folder.resolve("log.jsonl.part"), others);
        Files.createSymbolicLink(out, others);

        cli.run("audit export", "--partition", PARTITION, "--private", "--out", out.toString()).ok();

        assertThat(others).hasContent("theirs");
        assertThat(out).isRegularFile().content().contains("\"opened\":true");
        assertThat(Files.isSymbolicLink(out)).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out))).isEqualTo("rw-------");
    }

    @Test
    void everyPartitionIsExportedAndWhatWasWrittenIsTold() throws IOException {
        cli.run("approvals deny", world.held(world.echo("hello"))).ok();
        Path service = folder.resolve("log-0000.jsonl");
        Path identities = folder.resolve("log-0001.jsonl");
        Path named = folder.resolve("log.jsonl");

        String told = cli.run("audit export", "--out", named.toString(), "--checkpoint",
                folder.resolve("seen").toString()).ok().out();

        assertThat(named).doesNotExist();
        int entries = Files.readAllLines(identities).size() - 1;
        assertThat(told.lines()).hasSize(2)
                .contains("0001  " + entries + " entries, " + Files.size(identities) + " bytes  " + identities);
        assertThat(folder.resolve("seen-0000")).exists();
        String[] key = {"--log-key", world.logKey().key().hex(), "--audience", ApprovalWorld.AUDIENCE};
        assertThat(Cli.alone()
                .run("audit verify", service.toString(), identities.toString(), key[0], key[1], key[2], key[3],
                        "--checkpoint", folder.resolve("seen-0001").toString())
                .ok()
                .out()).contains("log/0000", "log/0001");
        Cli.alone()
                .run("audit verify", service.toString(), key[0], key[1], key[2], key[3], "--checkpoint",
                        folder.resolve("seen-0001").toString())
                .answersNo("WRONG  " + world.logKey().origin(PARTITION), "none of the logs");
        assertThat(cli.run("audit export", "--partition", "0000", "--out", named.toString(), "--json").ok().out())
                .isEqualTo("{\"exports\":[{\"bytes\":" + Files.size(named) + ",\"entries\":"
                        + (Files.readAllLines(named).size() - 1) + ",\"file\":\"" + named
                        + "\",\"partition\":\"0000\"}]}\n");
        cli.run("audit export").unusable("name them with --out", "--partition");
        assertThat(cli.run("audit export", "--partition", PARTITION, "--json").exitCode()).isEqualTo(2);
        cli.run("audit export", "--partition", "1", "--out", named.toString()).unusable("--partition is 4 digits");
    }

    @Test
    void whoWaitsForAnExportIsToldHowFarItIs() {
        String quick = cli.run("audit export", "--partition", PARTITION).ok().err();
        assertThat(quick).isEmpty();
        assertThat(cli.slow(Duration.ofSeconds(1)).run("audit export", "--partition", PARTITION).err())
                .containsPattern("passport: partition 0001, [0-9]+ of [0-9]+ entries\n");
    }

    @Test
    void whatWasSeenBeforeMustStillBeThere() throws IOException {
        Path kept = folder.resolve("seen.txt");
        cli.run("audit tail", "--checkpoint", kept.toString()).ok();
        String first = Files.readString(kept);
        world.held(world.echo("hello"));
        cli.run("audit tail", "--checkpoint", kept.toString()).ok();
        assertThat(Files.readString(kept)).isNotEqualTo(first);
        Path out = folder.resolve("log.jsonl");
        cli.run("audit export", "--partition", PARTITION, "--checkpoint", kept.toString(), "--out", out.toString())
                .ok();

        // As if the service had shown another log before, and signed it.
        var keys = (ServiceKeys.Loaded) ServiceKeys.load(world.service.data().keys());
        LogKey key = world.logKey();
        Files.writeString(kept, new Checkpoint(key.origin(PARTITION), 1, MerkleTree.leaf(new byte[]{1}))
                .sign(keys.keys().log()));
        cli.run("audit tail", "--checkpoint", kept.toString()).unusable("was rewritten");
        Files.writeString(kept, "nothing\n");
        cli.run("audit tail", "--checkpoint", kept.toString()).unusable("the checkpoint that was kept");
        cli.run("audit tail", "--log-key", "ab".repeat(32), "--audience", ApprovalWorld.AUDIENCE)
                .unusable("not to be believed");
    }

    @Test
    void aReceiptVerifiesOffline() throws IOException {
        ToolCallAnswer answer = world.tools().send(world.echo("hello"));
        Path file = folder.resolve("receipt.json");
        Files.write(file, Jcs.bytes(Objects.requireNonNull(answer.receipt()).json()));
        String[] key = {"--log-key", world.logKey().key().hex(), "--audience", ApprovalWorld.AUDIENCE};
        assertThat(Cli.alone().run("audit receipt", file.toString(), key[0], key[1], key[2], key[3]).ok().out())
                .startsWith("ok")
                .contains("call_decided");
        Files.writeString(file, Files.readString(file).replace("builtin/echo", "builtin/else"));
        Cli.alone().run("audit receipt", file.toString(), key[0], key[1], key[2], key[3]).answersNo("refused");
        Cli.alone().run("audit verify", "--log-key", "x").unusable("go together");
    }

    @Test
    void anAgentSeesWhatIsItsOwnAndNothingElse() {
        var request = world.echo("hello");
        String id = world.held(request);
        ApprovalWorld.approve(world.person("ann"), id);
        world.runs(request);
        AuditLog own = world.session.auditLog(world.logKey(), PARTITION);
        List<LogEntryRecord> entries = own.entries(0, null, 0, null).items();
        assertThat(entries).extracting(entry -> entry.entry().kind())
                .contains("certificate_issued", "session_established", "grant_created", "approval_voted")
                .anyMatch(kind -> kind.contains("settled"))
                .anyMatch(kind -> kind.contains("decided"));
        assertThat(entries).extracting(LogEntryRecord::closed).containsOnlyNulls();
        assertThat(entries).extracting(entry -> entry.entry().json().toString())
                .noneMatch(text -> text.contains("ann"));
        var bob = world.service.session(world.service.agent("agent:bob"));
        assertThat(bob.auditLog(world.logKey(), PARTITION).entries(0, ApprovalWorld.AGENT, 0, null).items()).isEmpty();
        assertThatThrownBy(() -> bob.auditLog(world.logKey(), PARTITION).export(begun -> {}, entry -> {}))
                .isInstanceOf(PassportException.class)
                .hasMessageContaining("left out");
    }

    @Test
    void aWatchProvesEachEntryAsItComes() {
        var admin = world.service.admin();
        AuditLog log = admin.auditLog(world.logKey(), PARTITION);
        long size = log.checkpoint().checkpoint().size();
        assertThat(admin.logPartitions(world.logKey())).containsExactly("0000", PARTITION);
        try (Watch<LogEntryRecord> watch = log.watch(size, ApprovalWorld.AGENT)) {
            world.held(world.echo("hello"));
            LogEntryRecord told = Objects.requireNonNull(watch.next(PATIENCE));
            assertThat(told.entry().index()).isEqualTo(size);
            assertThat(log.newest().checkpoint().size()).isGreaterThan(size);
        }
    }

    private static Cli.Result verify(Path export, String[] key) {
        return Cli.alone().run("audit verify", export.toString(), key[0], key[1], key[2], key[3]);
    }
}
