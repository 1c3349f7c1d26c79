package io.agentpassport.server.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.TestService;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.trust.TrustLimits;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionsTest {

    @TempDir
    Path folder;

    private TestService open(int count) {
        return TestService.open(folder, new MutableClock(TestService.START), TestService.keys(1), TrustLimits.DEFAULT,
                count);
    }

    @Test
    void anIdentityAlwaysLivesInTheSamePartition() {
        Set<PartitionId> used = new HashSet<>();
        try (TestService service = open(3)) {
            for (int i = 0; i < 100; i++) {
                Identity identity = new Identity("localhost", "agent:" + i);
                Partition partition = service.partitions.of(identity);
                assertThat(partition).isSameAs(service.partitions.byId(partition.id()));
                assertThat(partition.id()).isEqualTo(PartitionId.of(identity.hash(), 3));
                used.add(partition.id());
            }
            assertThat(used).hasSize(3).doesNotContain(PartitionId.SERVICE);
            assertThat(service.partitions.byId(new PartitionId(4))).isNull();
            assertThat(service.partitions.byId(PartitionId.SERVICE)).isSameAs(service.partitions.service());
        }
    }

    @Test
    void anotherNumberOfPartitionsIsRefusedWithTheOneToSet() {
        open(2).close();

        assertThatThrownBy(() -> open(3)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("set the number of partitions back to 2");
    }
}
