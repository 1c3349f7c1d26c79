package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.receipt.ConsistencyProof;
import io.agentpassport.core.receipt.InclusionProof;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.proto.v1.GetCheckpointResponse;
import io.agentpassport.proto.v1.GetConsistencyProofResponse;
import io.agentpassport.proto.v1.GetInclusionProofResponse;
import io.agentpassport.proto.v1.GetLogKeyResponse;
import io.agentpassport.proto.v1.ListEntriesResponse;
import io.agentpassport.proto.v1.LogEntry;
import io.agentpassport.proto.v1.WatchEntriesResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers of audit_service.proto as values, and their encoding. */
public final class AuditAnswers {

    private AuditAnswers() {}

    /**
     * An entry of a log.
     *
     * @param json the public one in canonical form, whose bytes make the leaf
     * @param opened what is private in it; null when there is nothing, or the caller may not see it
     */
    public record Entry(long index, ByteString json, @Nullable PrivateMembers opened) {}

    /** Answers GetLogKey. */
    public static GetLogKeyResponse key(PublicKey key, String audience, List<PartitionName> partitions) {
        return GetLogKeyResponse.newBuilder()
                .setLogPubkeyHex(key.hex())
                .setAudience(audience)
                .addAllPartitions(partitions.stream().map(PartitionName::text).toList())
                .build();
    }

    /** Answers GetCheckpoint; the checkpoint is a signed note. */
    public static GetCheckpointResponse checkpoint(String checkpoint, long treeSize, TreeHash root) {
        return GetCheckpointResponse.newBuilder()
                .setCheckpoint(checkpoint)
                .setTreeSize(treeSize)
                .setRootHash(bytes(root))
                .build();
    }

    /** Answers ListEntries. */
    public static ListEntriesResponse listed(Page<Entry> page) {
        var response = ListEntriesResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(entry -> response.addEntries(encode(entry)));
        return response.build();
    }

    /** Answers GetInclusionProof; the checkpoint is null when it is not the newest that was asked for. */
    public static GetInclusionProofResponse included(InclusionProof proof, TreeHash leaf,
            @Nullable String checkpoint) {
        return GetInclusionProofResponse.newBuilder()
                .setIndex(proof.index())
                .setTreeSize(proof.size())
                .setLeafHash(bytes(leaf))
                .addAllPath(bytes(proof.path()))
                .setCheckpoint(checkpoint == null ? "" : checkpoint)
                .build();
    }

    /** Answers GetConsistencyProof; the checkpoint is null when it is not the newest that was asked for. */
    public static GetConsistencyProofResponse consistent(ConsistencyProof proof, @Nullable String checkpoint) {
        return GetConsistencyProofResponse.newBuilder()
                .setFirstSize(proof.oldSize())
                .setSecondSize(proof.newSize())
                .addAllProof(bytes(proof.path()))
                .setCheckpoint(checkpoint == null ? "" : checkpoint)
                .build();
    }

    /** Answers WatchEntries once more, with a checkpoint whose tree has the entry. */
    public static WatchEntriesResponse appended(Entry entry, String checkpoint) {
        return WatchEntriesResponse.newBuilder().setEntry(encode(entry)).setCheckpoint(checkpoint).build();
    }

    private static LogEntry encode(Entry entry) {
        var message = LogEntry.newBuilder()
                .setIndex(entry.index())
                .setEntryJson(entry.json());
        PrivateMembers opened = entry.opened();
        if (opened != null) {
            message.setPrivateJson(ByteString.copyFrom(Jcs.bytes(opened.members())))
                    .setPrivateSalt(ByteString.copyFrom(opened.salt().toByteArray()));
        }
        return message.build();
    }

    private static ByteString bytes(TreeHash hash) {
        return ByteString.copyFrom(hash.toByteArray());
    }

    private static List<ByteString> bytes(List<TreeHash> hashes) {
        return hashes.stream().map(AuditAnswers::bytes).toList();
    }
}
