package io.agentpassport.server.rpc;

import static io.agentpassport.proto.v1.AuditServiceGrpc.getGetCheckpointMethod;
import static io.agentpassport.proto.v1.AuditServiceGrpc.getGetConsistencyProofMethod;
import static io.agentpassport.proto.v1.AuditServiceGrpc.getGetInclusionProofMethod;
import static io.agentpassport.proto.v1.AuditServiceGrpc.getGetLogKeyMethod;
import static io.agentpassport.proto.v1.AuditServiceGrpc.getListEntriesMethod;
import static io.agentpassport.proto.v1.AuditServiceGrpc.getWatchEntriesMethod;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.ConsistencyProof;
import io.agentpassport.core.receipt.InclusionProof;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.proto.v1.GetCheckpointRequest;
import io.agentpassport.proto.v1.GetCheckpointResponse;
import io.agentpassport.proto.v1.GetConsistencyProofRequest;
import io.agentpassport.proto.v1.GetInclusionProofRequest;
import io.agentpassport.proto.v1.GetLogKeyRequest;
import io.agentpassport.proto.v1.ListEntriesRequest;
import io.agentpassport.proto.v1.ListEntriesResponse;
import io.agentpassport.proto.v1.LogEntry;
import io.agentpassport.proto.v1.WatchEntriesRequest;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log by rpc: what it shows verifies with its key alone. */
class AuditGrpcServiceTest {

    private static final String PARTITION = "0000";

    @AutoClose
    private TestServer service;

    private TypedCalls admin;
    private LogKey key;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder);
        admin = new TypedCalls(service.channel(service.adminCredential()), null);
        var answer = new TypedCalls(service.channel(null), null).ok(getGetLogKeyMethod(),
                GetLogKeyRequest.getDefaultInstance());
        key = new LogKey(answer.getAudience(),
                Objects.requireNonNull(PublicKey.fromHex(answer.getLogPubkeyHex())));
        assertThat(key.key()).isEqualTo(service.server().logKey());
        assertThat(answer.getPartitionsList()).containsExactly("0000", "0001");
    }

    @Test
    void whatTheServiceSaysOfItsLogsIsSigned() {
        for (String partition : List.of("0000", "0001")) {
            GetCheckpointResponse answer = checkpoint(partition);
            assertThat(Checkpoint.open(answer.getCheckpoint(), key))
                    .isEqualTo(new Checkpoint.Opened(new Checkpoint(key.origin(partition), answer.getTreeSize(),
                            hash(answer.getRootHash()))));
        }
        assertThat(admin.refused(getGetCheckpointMethod(),
                GetCheckpointRequest.newBuilder().setPartition("00ff").build()).reason())
                .isEqualTo(ErrorReason.LOG_NOT_FOUND);
    }

    @Test
    void everyEntryIsProvenAndNothingWasRewritten() {
        GetCheckpointResponse newest = checkpoint(PARTITION);
        List<LogEntry> entries = entries();
        assertThat(entries).hasSize((int) newest.getTreeSize());
        for (LogEntry entry : entries) {
            var answer = admin.ok(getGetInclusionProofMethod(), GetInclusionProofRequest.newBuilder()
                    .setPartition(PARTITION)
                    .setIndex(entry.getIndex())
                    .build());
            var proof = new InclusionProof(answer.getIndex(), answer.getTreeSize(), hashes(answer.getPathList()));
            assertThat(hash(answer.getLeafHash())).isEqualTo(MerkleTree.leaf(entry.getEntryJson().toByteArray()));
            assertThat(proof.verifies(hash(answer.getLeafHash()), hash(newest.getRootHash()))).isTrue();
        }
        if (newest.getTreeSize() > 0) {
            var answer = admin.ok(getGetConsistencyProofMethod(), GetConsistencyProofRequest.newBuilder()
                    .setPartition(PARTITION)
                    .setFirstSize(1)
                    .build());
            var first = MerkleTree.leaf(entries.get(0).getEntryJson().toByteArray());
            assertThat(new ConsistencyProof(1, answer.getSecondSize(), hashes(answer.getProofList())).verifies(first,
                    hash(newest.getRootHash()))).isTrue();
        }
    }

    @Test
    void thereIsNothingBeyondTheEnd() {
        long size = checkpoint(PARTITION).getTreeSize();
        assertThat(admin.refused(getGetInclusionProofMethod(), GetInclusionProofRequest.newBuilder()
                .setPartition(PARTITION)
                .setIndex(size)
                .build()).metadata()).containsEntry("tree_size", Long.toString(size));
        assertThat(admin.refused(getGetConsistencyProofMethod(), GetConsistencyProofRequest.newBuilder()
                .setPartition(PARTITION)
                .setFirstSize(size + 1)
                .setSecondSize(size + 1)
                .build()).reason()).isEqualTo(ErrorReason.LOG_INDEX_OUT_OF_RANGE);
        assertThat(admin.ok(getListEntriesMethod(),
                ListEntriesRequest.newBuilder().setPartition(PARTITION).setFromIndex(size + 5).build())
                .getEntriesList()).isEmpty();
        assertThat(admin.refused(getListEntriesMethod(), ListEntriesRequest.newBuilder()
                .setPartition(PARTITION)
                .setPageToken("1.0123456789abcdef")
                .build()).reason()).isEqualTo(ErrorReason.INVALID_PAGE_TOKEN);
    }

    @Test
    void aWatchBeginsWithWhatThereIs() {
        List<LogEntry> entries = entries();
        if (!entries.isEmpty()) {
            var first = admin.watch(getWatchEntriesMethod(),
                    WatchEntriesRequest.newBuilder().setPartition(PARTITION).build()).next();
            assertThat(first.getEntry()).isEqualTo(entries.get(0));
            assertThat(Checkpoint.open(first.getCheckpoint(), key)).isInstanceOf(Checkpoint.Opened.class);
        }
    }

    @Test
    void anAgentSeesNothingOfOthers() {
        var alice = new TypedCalls(service.channel(null), service.session(service.agent("agent:alice")));
        assertThat(alice.ok(getListEntriesMethod(), ListEntriesRequest.newBuilder().setPartition(PARTITION).build())
                .getEntriesList()).isEmpty();
        assertThat(alice.ok(getListEntriesMethod(),
                ListEntriesRequest.newBuilder().setPartition(PARTITION).setBinding("agent:bob").build())
                .getEntriesList()).isEmpty();
        assertThat(alice.ok(getGetCheckpointMethod(), GetCheckpointRequest.newBuilder().setPartition("0001").build())
                .getCheckpoint()).isNotEmpty();
    }

    private List<LogEntry> entries() {
        var entries = new ArrayList<LogEntry>();
        var request = ListEntriesRequest.newBuilder().setPartition(PARTITION).setPageSize(1);
        ListEntriesResponse page;
        do {
            page = admin.ok(getListEntriesMethod(), request.build());
            entries.addAll(page.getEntriesList());
            request.setPageToken(page.getNextPageToken());
        } while (!page.getNextPageToken().isEmpty());
        return entries;
    }

    private GetCheckpointResponse checkpoint(String partition) {
        return admin.ok(getGetCheckpointMethod(), GetCheckpointRequest.newBuilder().setPartition(partition).build());
    }

    private static TreeHash hash(ByteString bytes) {
        return TreeHash.of(bytes.toByteArray());
    }

    private static List<TreeHash> hashes(List<ByteString> list) {
        return list.stream().map(AuditGrpcServiceTest::hash).toList();
    }
}
