package io.agentpassport.wire;

import io.agentpassport.proto.v1.GetCheckpointRequest;
import io.agentpassport.proto.v1.GetConsistencyProofRequest;
import io.agentpassport.proto.v1.GetInclusionProofRequest;
import io.agentpassport.proto.v1.ListEntriesRequest;
import io.agentpassport.proto.v1.WatchEntriesRequest;
import org.jspecify.annotations.Nullable;

/** The requests of audit_service.proto as values, and their decoding. */
public final class AuditRequests {

    private AuditRequests() {}

    /** Asks for a piece of a log: only entries of agents of that binding or, with null, all. */
    public record EntryQuery(PartitionName partition, long fromIndex, @Nullable String binding, PageRequest page) {}

    /** Asks for a proof that an entry is in the tree of that size; 0 is the newest. */
    public record InclusionQuestion(PartitionName partition, long index, long treeSize) {}

    /** Asks for a proof that one tree begins with another; a second size of 0 is the newest. */
    public record ConsistencyQuestion(PartitionName partition, long firstSize, long secondSize) {}

    /** Asks to follow a log. */
    public record EntryWatch(PartitionName partition, long fromIndex, @Nullable String binding) {}

    /** Decodes it: whose log. */
    public static Decoded<PartitionName> decode(GetCheckpointRequest request) {
        return Decoded.of(() -> Fields.partition("partition", request.getPartition()));
    }

    /** Decodes it. */
    public static Decoded<EntryQuery> decode(ListEntriesRequest request) {
        return Decoded.of(() -> new EntryQuery(Fields.partition("partition", request.getPartition()),
                Fields.index("from_index", request.getFromIndex(), 0),
                Fields.filter("binding", request.getBinding(), Limits.NAME_CHARS),
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    /** Decodes it. */
    public static Decoded<InclusionQuestion> decode(GetInclusionProofRequest request) {
        return Decoded.of(() -> new InclusionQuestion(Fields.partition("partition", request.getPartition()),
                Fields.index("index", request.getIndex(), 0), Fields.index("tree_size", request.getTreeSize(), 0)));
    }

    /** Decodes it. */
    public static Decoded<ConsistencyQuestion> decode(GetConsistencyProofRequest request) {
        return Decoded.of(() -> new ConsistencyQuestion(Fields.partition("partition", request.getPartition()),
                Fields.index("first_size", request.getFirstSize(), 1),
                Fields.index("second_size", request.getSecondSize(), 0)));
    }

    /** Decodes it. */
    public static Decoded<EntryWatch> decode(WatchEntriesRequest request) {
        return Decoded.of(() -> new EntryWatch(Fields.partition("partition", request.getPartition()),
                Fields.index("from_index", request.getFromIndex(), 0),
                Fields.filter("binding", request.getBinding(), Limits.NAME_CHARS)));
    }
}
