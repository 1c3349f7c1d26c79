package io.agentpassport.server.endtoend;

import static io.agentpassport.server.endtoend.GoldenDatabase.MADE_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.Grants;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.PassportServer;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.ServerConfig.Listen;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier version wrote is read by this one: a database of every format that was released, each made by its version. */
class GoldenDatabaseTest {

    @TempDir
    Path folder;

    private final MutableClock clock = new MutableClock(MADE_AT.plus(Duration.ofMinutes(1)));

    @BeforeEach
    void unpack() throws IOException {
        try (InputStream in = GoldenDatabaseTest.class.getResourceAsStream("format-1.zip");
                var zip = new ZipInputStream(Objects.requireNonNull(in))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.copy(zip, file);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    @Test
    void everyKindOfRowIsThereAndIsRead() {
        var without = new TreeSet<String>();
        try (RocksPartitionStore store = RocksPartitionStore.openExisting(
                new DataFolder(folder.resolve("data")).database(), StoreLimits.DEFAULT)) {
            for (Keyspace<?, ?> keyspace : PassportServer.keyspaces().all()) {
                if (rows(store, keyspace) == 0) {
                    without.add(keyspace.name());
                }
            }
        }

        assertThat(without).isEmpty();
    }

    private <K, V> int rows(RocksPartitionStore store, Keyspace<K, V> keyspace) {
        int[] rows = {0};
        for (int partition = 0; partition <= 1; partition++) {
            store.forEach(new PartitionId(partition), keyspace, KeyRange.all(), MADE_AT, row -> rows[0]++);
        }
        return rows[0];
    }

    @Test
    void theServiceGoesOnWhereItStood() {
        // TLS goes by the real time, in which no certificate lasts for ever.
        try (TestServer service = TestServer.start(folder, GoldenDatabaseTest::withoutTls, clock);
                PassportClient client = PassportClient.to(service.address()).plaintext().clock(clock).open()) {
            AuthenticatedSession alice = Handshake.with(client, agent("alice")).run();
            GrantRecord grant = alice.grants().list(Grants.Filter.ALL, 0, null).items().get(0);
            assertThat(grant.policyId()).isEqualTo("golden");
            // Of 10: 2 for a sum, 2 that were settled, for a grant that pays what was held, and 2 that are held.
            assertThat(alice.budgetSessions()
                    .get(Objects.requireNonNull(grant.budgetSessionId()))
                    .budget()
                    .remaining()).isEqualTo(Decimal.of(4));
            assertThat(alice.approvals().list(null, null).items()).hasSize(1);
            assertThat(alice.tools().call(GoldenDatabase.echo("new-1"))).isInstanceOf(ToolCallAnswer.Completed.class);
            assertThat(alice.tools().call(GoldenDatabase.echo("new-2"))).as("it was called twice before")
                    .isInstanceOf(ToolDenial.LimitReached.class);

            AuthenticatedSession bob = Handshake.with(client, agent("bob")).run();
            assertThat(bob.grants().list(Grants.Filter.ALL, 0, null).items()).extracting(GrantRecord::state)
                    .containsExactlyInAnyOrder("active", "revoked");
            assertThat(Refusals.unauthenticated(() -> Handshake.with(client, agent("carol")).run()))
                    .contains("revoked");
        }
        Cli.alone().run("audit verify", "--data", folder.resolve("data").toString()).ok();
    }

    private static ServerConfig withoutTls(ServerConfig config) {
        ServerConfig changed = config.listening(new Listen("127.0.0.1", 0, List.of(), true, false));
        return changed.accepting(changed.relaxed());
    }

    private AgentIdentity agent(String name) {
        Path identities = folder.resolve("identities");
        return AgentIdentity.load(identities.resolve(name + ".key"), identities.resolve(name + ".json"));
    }
}
