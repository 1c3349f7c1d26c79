package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.proto.v1.AcceptToolRequest;
import io.agentpassport.proto.v1.GetCheckpointRequest;
import io.agentpassport.proto.v1.GetConsistencyProofRequest;
import io.agentpassport.proto.v1.GetInclusionProofRequest;
import io.agentpassport.proto.v1.ListEntriesRequest;
import io.agentpassport.proto.v1.ListUpstreamToolsRequest;
import io.agentpassport.proto.v1.ListUpstreamsRequest;
import io.agentpassport.proto.v1.QuarantineToolRequest;
import io.agentpassport.proto.v1.WatchEntriesRequest;
import org.junit.jupiter.api.Test;

class UpstreamAndAuditRequestsTest {

    private static final PartitionName PARTITION = new PartitionName("0001");
    private static final long MOST = (1L << 53) - 1;

    @Test
    void decodesWhichDefinitionToAccept() {
        var request = AcceptToolRequest.newBuilder()
                .setRequestId("r")
                .setUpstream("u".repeat(64))
                .setName("n".repeat(128))
                .setDefinitionDigest("sha256:" + "ab".repeat(32));
        assertThat(Expect.valid(UpstreamRequests.decode(request.build())).name()).hasSize(128);
        Expect.invalidField(UpstreamRequests.decode(request.clone().setUpstream("u".repeat(65)).build()), "upstream");
        Expect.invalidField(UpstreamRequests.decode(request.clone().setUpstream("U").build()), "upstream");
        Expect.invalidField(UpstreamRequests.decode(request.clone().setName("n".repeat(129)).build()), "name");
        Expect.invalidField(UpstreamRequests.decode(request.clone().setName("a/b").build()), "name");
        Expect.invalidField(UpstreamRequests.decode(request.clone().clearDefinitionDigest().build()),
                "definition_digest");
    }

    @Test
    void decodesWhichToolToTakeOutOfUse() {
        var request = QuarantineToolRequest.newBuilder()
                .setRequestId("r")
                .setUpstream("shop")
                .setName("list")
                .setReason("x".repeat(256));
        Expect.valid(UpstreamRequests.decode(request.build()));
        Expect.invalidField(UpstreamRequests.decode(request.setReason("x".repeat(257)).build()), "reason");
        Expect.invalidField(UpstreamRequests.decode(request.setReason("").build()), "reason");
    }

    @Test
    void decodesWhichToolsToList() {
        assertThat(Expect.valid(UpstreamRequests.decode(ListUpstreamsRequest.getDefaultInstance())).size())
                .isEqualTo(50);
        var query = ListUpstreamToolsRequest.newBuilder();
        assertThat(Expect.valid(UpstreamRequests.decode(query.build())))
                .isEqualTo(new UpstreamRequests.ToolQuery(null, null, new PageRequest(50, "")));
        for (UpstreamRequests.ToolState state : UpstreamRequests.ToolState.values()) {
            query.setState(UpstreamAnswers.encode(state));
            assertThat(Expect.valid(UpstreamRequests.decode(query.build())).state()).isEqualTo(state);
        }
        Expect.invalidField(UpstreamRequests.decode(query.setStateValue(99).build()), "state");
    }

    @Test
    void decodesWhichEntriesAndProofs() {
        assertThat(Expect.valid(AuditRequests.decode(GetCheckpointRequest.newBuilder().setPartition("0001").build())))
                .isEqualTo(PARTITION);
        Expect.invalidField(AuditRequests.decode(GetCheckpointRequest.getDefaultInstance()), "partition");
        assertThat(Expect.valid(AuditRequests.decode(ListEntriesRequest.newBuilder()
                .setPartition("0001")
                .setFromIndex(MOST)
                .build()))).isEqualTo(new AuditRequests.EntryQuery(PARTITION, MOST, null, new PageRequest(50, "")));
        for (long index : new long[]{-1, MOST + 1}) {
            Expect.invalidField(AuditRequests.decode(ListEntriesRequest.newBuilder()
                    .setPartition("0001")
                    .setFromIndex(index)
                    .build()), "from_index");
        }
        assertThat(Expect.valid(AuditRequests.decode(GetInclusionProofRequest.newBuilder()
                .setPartition("0001")
                .setIndex(3)
                .setTreeSize(9)
                .build()))).isEqualTo(new AuditRequests.InclusionQuestion(PARTITION, 3, 9));
        assertThat(Expect.valid(AuditRequests.decode(GetConsistencyProofRequest.newBuilder()
                .setPartition("0001")
                .setFirstSize(1)
                .build()))).isEqualTo(new AuditRequests.ConsistencyQuestion(PARTITION, 1, 0));
        Expect.invalidField(AuditRequests.decode(GetConsistencyProofRequest.newBuilder()
                .setPartition("0001")
                .build()), "first_size");
        assertThat(Expect.valid(AuditRequests.decode(WatchEntriesRequest.newBuilder()
                .setPartition("0001")
                .setBinding("b")
                .build()))).isEqualTo(new AuditRequests.EntryWatch(PARTITION, 0, "b"));
    }
}
