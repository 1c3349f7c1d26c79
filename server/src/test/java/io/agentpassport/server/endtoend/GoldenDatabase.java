package io.agentpassport.server.endtoend;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.BudgetSessionRecord;
import io.agentpassport.client.CertificateRecord;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.GrantDraft;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PolicySource;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.TestServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes the database that {@link GoldenDatabaseTest} opens: one with a row of every kind, written by the version that has the
 * format of its name. Once a version with a format was released, its database is never made anew: people have such.
 */
final class GoldenDatabase {

    /** When all of it happened. */
    static final Instant MADE_AT = Instant.parse("2026-11-22T05:00:00Z");

    static final Identity ALICE = new Identity("localhost", "agent:alice");
    static final Identity BOB = new Identity("localhost", "agent:bob");
    static final String POLICY = """
            version: "1"
            tools:
              calculator: {price: {amount: 2, currency: USD}}
              clock: {require_approval: true}
              echo:
                limits:
                  - {counter: fixed, window: day, max: 3}
                  - {counter: sliding, window: day, max: 100, algorithm: sliding}
                  - {counter: bucket, window: hour, max: 100, algorithm: token_bucket}
                  - {counter: total, window: total, max: 100}
                  - {counter: everyone, window: day, max: 100, scope: global}
            """;

    /** What of a data folder is kept: TLS certificates end, and are made anew. */
    private static final List<String> KEPT = List.of("keys", "anchor", "db", "passport.yaml");

    private GoldenDatabase() {}

    /** Arguments: an empty folder to work in, and the file to write. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        var clock = new MutableClock(MADE_AT);
        Path kept = Files.createDirectory(folder.resolve("identities"));
        try (TestServer service = TestServer.start(folder, clock)) {
            write(service, kept);
        }
        // What the first start wrote is in a table now, and what this one writes in the log.
        try (TestServer service = TestServer.start(folder, clock)) {
            agent(service, "agent:dave", kept);
        }
        zip(folder, Path.of(args[1]));
        System.exit(0);
    }

    private static void write(TestServer service, Path kept) {
        PassportClient admin = service.admin();
        var unused = admin.certificates()
                .createJoinToken(Role.AGENT, "agent:never", null, EnrolmentTerms.of("somebody"),
                        Duration.ofMinutes(10));
        admin.trust().addPublisher(Signer.fromSeed(TestServer.NONCES.bytes(32)).publicKey(), "elsewhere", List.of());
        var other = admin.trust()
                .addPublisher(Signer.fromSeed(TestServer.NONCES.bytes(32)).publicKey(), "nowhere", List.of());
        admin.trust()
                .removePublisher(Objects.requireNonNull(
                        PublicKey.fromHex(other.keyHex())));
        AgentIdentity alice = agent(service, "agent:alice", kept);
        agent(service, "agent:bob", kept);
        agent(service, "agent:carol", kept);
        CertificateRecord carol = admin.certificates().list("agent:carol", null).items().get(0);
        admin.certificates().revoke(carol.id(), carol.partition(), "lost");

        admin.policies().put("golden", new PolicySource.Written(POLICY), 0, "for the record");
        GrantRecord grant = admin.grants()
                .create(GrantDraft.to(ALICE, MADE_AT.plus(Duration.ofDays(1)))
                        .tools("builtin/*")
                        .policy("golden")
                        .budget(usd("10"))
                        .delegable(1));
        AuthenticatedSession session = service.session(alice);
        session.grants()
                .delegate(grant.id(),
                        GrantDraft.to(BOB, MADE_AT.plus(Duration.ofHours(1))).tools("builtin/echo").policy("golden"));
        GrantRecord ended = admin.grants()
                .create(GrantDraft.to(BOB, MADE_AT.plus(Duration.ofDays(1))).tools("builtin/clock").policy("golden"));
        admin.grants().revoke(ended.id(), "not needed");
        BudgetSessionRecord budget = admin.budgetSessions().create(BOB, usd("5"), Duration.ofDays(1));
        admin.budgetSessions().add(budget.id(), usd("1"));

        ToolGateway tools = session.tools();
        tools.call(echo("kept-1"));
        tools.call(echo("kept-2"));
        tools.call(sum("kept-3"));
        SignedToolRequest held = tools.sign(sum("kept-4"));
        tools.authorize(held);
        ToolGateway.Authorization settled = tools.authorize(tools.sign(sum("kept-5")));
        tools.settle((ToolGateway.Authorized) settled, true, usd("1"));
        tools.call(ToolRequest.of("builtin/clock", JsonObject.EMPTY).named("kept-6"));
    }

    static ToolRequest echo(String name) {
        return ToolRequest.of("builtin/echo", JsonObject.builder().put("text", "hello").build()).named(name);
    }

    static ToolRequest sum(String name) {
        return ToolRequest.of("builtin/calculator", JsonObject.builder().put("expression", "2+3").build()).named(name);
    }

    static Money usd(String amount) {
        return new Money(Objects.requireNonNull(Decimal.fromText(amount)), "USD");
    }

    private static AgentIdentity agent(TestServer service, String binding, Path kept) {
        AgentIdentity agent = service.agent(binding);
        String name = binding.substring("agent:".length());
        agent.key().save(kept.resolve(name + ".key"));
        agent.save(kept.resolve(name + ".json"));
        return agent;
    }

    private static void zip(Path folder, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file); var zip = new ZipOutputStream(out)) {
            for (Path from : FileCopies.walk(folder)) {
                String name = folder.relativize(from).toString();
                boolean wanted = name.startsWith("identities/")
                        || KEPT.stream()
                                .anyMatch(part -> name.equals("data/" + part) || name.startsWith("data/" + part + "/"));
                // RocksDB's own log tells of this machine, and nothing reads it.
                if (wanted && Files.isRegularFile(from) && !name.matches(".*/(LOG.*|LOCK)")) {
                    var entry = new ZipEntry(name);
                    entry.setLastModifiedTime(FileTime.from(MADE_AT));
                    zip.putNextEntry(entry);
                    Files.copy(from, zip);
                    zip.closeEntry();
                }
            }
        }
    }
}
