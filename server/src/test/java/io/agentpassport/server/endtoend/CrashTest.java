package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server is killed while it issues, and what it had answered is there afterwards. {@code -Dcrash.rounds=N} plays more
 * rounds, {@code -Dcrash.seed=N} the same again.
 */
class CrashTest {

    private static final int ROUNDS = Integer.getInteger("crash.rounds", 3);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int THREADS = 6;

    @TempDir
    Path folder;

    @Test
    void killedWhileItIssuesItKeepsEveryPromise() throws Exception {
        System.out.printf("CrashTest: %d rounds, -Dcrash.seed=%d%n", ROUNDS, SEED);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        Path data = folder.resolve("data");
        List<Ledger.Entry> acknowledged = new ArrayList<>();
        ServerProcess server = ServerProcess.start(data);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                int moment = random.nextInt(10, 120);
                Ledger ledger = killedUnderLoad(server, "round-" + round, moment);
                acknowledged.addAll(ledger.entries());
                assertThat(ledger.enough().getCount()).as("it was killed after %d certificates", moment).isZero();

                server = ServerProcess.start(data);
                try (PassportClient admin = server.admin(); PassportClient client = server.anyone()) {
                    assertThat(LedgerCheck.brokenPromises(ledger, admin, client))
                            .as("round %d of seed %d, killed after %d certificates", round, SEED, moment)
                            .isEmpty();
                }
            }
            assertThat(server.stop()).isZero();
            checkLog(data, acknowledged);
        } finally {
            server.close();
        }
    }

    /** The log verifies, and has all that was answered. */
    private static void checkLog(Path data, List<Ledger.Entry> acknowledged) {
        Cli.alone().run("audit verify", "--data", data.toString()).ok();
        String export = Cli.alone().run("audit export", "--data", data.toString(), "--partition", "0001").ok().out();
        for (Ledger.Entry entry : acknowledged) {
            JoinToken token = entry.token;
            AgentIdentity identity = entry.identity;
            AuthenticatedSession session = entry.session;
            assertThat(export).contains(Stream.of(token == null ? "" : token.id(),
                    identity == null ? "" : identity.certificateId().text(), session == null ? "" : session.id())
                    .toArray(String[]::new));
        }
    }

    /** Clients issue and authenticate as fast as they can until so many certificates were answered; then it is killed. */
    private static Ledger killedUnderLoad(ServerProcess server, String name, int moment) throws Exception {
        var ledger = new Ledger(moment);
        try (PassportClient admin = server.admin();
                PassportClient client = server.anyone();
                ExecutorService load = Executors.newFixedThreadPool(THREADS)) {
            for (int thread = 0; thread < THREADS; thread++) {
                String prefix = "agent:" + name + "-" + thread + "-";
                load.execute(() -> {
                    for (int i = 0; ledger.enrolAndAuthenticate(client, ledger.makeToken(admin, prefix + i)); i++) {
                        // Until the server is gone.
                    }
                });
            }
            boolean reached = ledger.enough().await(120, TimeUnit.SECONDS);
            server.kill();
            assertThat(reached).as("%d certificates in time", moment).isTrue();
        }
        return ledger;
    }

    /** The check itself: what would a store that forgot its last commits look like to it? */
    @Test
    void aStoreThatForgetsWouldBeFoundOut() throws Exception {
        Path data = folder.resolve("data");
        Path copy = folder.resolve("copy");
        var ledger = new Ledger(0);
        Ledger.Entry before;
        try (TestServer service = TestServer.start(folder)) {
            before = ledger.makeToken(service.admin(), "agent:before");
        }
        copy(data, copy);
        try (TestServer service = TestServer.start(folder)) {
            assertThat(ledger.enrolAndAuthenticate(service.anyone(), before)).isTrue();
            assertThat(ledger.makeToken(service.admin(), "agent:after").token).isNotNull();
        }
        delete(data);
        copy(copy, data);

        try (TestServer service = TestServer.start(folder)) {
            List<String> broken = LedgerCheck.brokenPromises(ledger, service.admin(), service.anyone());

            assertThat(broken).anyMatch(promise -> promise.startsWith("lost certificate of agent:before"))
                    .anyMatch(promise -> promise.startsWith("lost session of agent:before"))
                    .contains("used join token works again: agent:before", "lost join token: agent:after",
                            "0 certificates by one join token: agent:after");
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
