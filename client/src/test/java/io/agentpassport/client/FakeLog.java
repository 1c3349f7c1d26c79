package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.ConsistencyProof;
import io.agentpassport.core.receipt.InclusionProof;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.proto.v1.AuditServiceGrpc.AuditServiceImplBase;
import io.agentpassport.proto.v1.GetCheckpointRequest;
import io.agentpassport.proto.v1.GetCheckpointResponse;
import io.agentpassport.proto.v1.GetConsistencyProofRequest;
import io.agentpassport.proto.v1.GetConsistencyProofResponse;
import io.agentpassport.proto.v1.GetInclusionProofRequest;
import io.agentpassport.proto.v1.GetInclusionProofResponse;
import io.agentpassport.proto.v1.ListEntriesRequest;
import io.agentpassport.proto.v1.ListEntriesResponse;
import io.agentpassport.proto.v1.WatchEntriesRequest;
import io.agentpassport.proto.v1.WatchEntriesResponse;
import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.PartitionName;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A service whose log is honest until a test has it lie. */
final class FakeLog extends AuditServiceImplBase implements AutoCloseable {

    static final String PARTITION = "0001";

    private final Signer signer = Signer.fromSeed(new byte[Signer.SEED_BYTES]);
    private final LogKey key = new LogKey("passport://fake", signer.publicKey());
    private final List<JsonObject> entries = new ArrayList<>();
    private final Map<String, TreeHash> nodes = new HashMap<>();
    private final Server server;
    private CompactRange range = CompactRange.EMPTY;

    /** What is shown instead of what the log holds. */
    UnaryOperator<io.agentpassport.proto.v1.LogEntry> shown = UnaryOperator.identity();

    /** Which entries are not shown. */
    Set<Integer> hidden = Set.of();

    /** Shown as the newest checkpoint; null shows the newest. */
    @Nullable
    String stale;

    FakeLog() {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    LogKey key() {
        return key;
    }

    PassportClient client() {
        return PassportClient.to("localhost:" + server.getPort()).plaintext().open();
    }

    static PrivateMembers closed(int number) {
        return new PrivateMembers(JsonObject.builder().put("secret", (double) number).build(),
                Nonce.of(new byte[Nonce.BYTES]));
    }

    void append(String kind) {
        JsonObject entry = JsonObject.builder()
                .put("spec", LogEntry.SPEC)
                .put("index", (double) entries.size())
                .put("time", 1.0)
                .put("kind", kind)
                .put("private_commitment", LogEntry.commitment(closed(entries.size())))
                .build();
        entries.add(entry);
        range = range.append(MerkleTree.leaf(Jcs.bytes(entry)),
                (level, index, hash) -> nodes.put(level + ":" + index, hash));
    }

    /** Forgets all: another log can be made, under the same key. */
    void rewrite() {
        entries.clear();
        nodes.clear();
        range = CompactRange.EMPTY;
    }

    private TreeHash node(int level, long index) {
        return Objects.requireNonNull(nodes.get(level + ":" + index));
    }

    @Override
    public void getCheckpoint(GetCheckpointRequest request, StreamObserver<GetCheckpointResponse> to) {
        var checkpoint = new Checkpoint(key.origin(PARTITION), range.size(), range.root());
        answer(to,
                GetCheckpointResponse.newBuilder()
                        .setCheckpoint(stale == null ? checkpoint.sign(signer) : stale)
                        .build());
    }

    @Override
    public void listEntries(ListEntriesRequest request, StreamObserver<ListEntriesResponse> to) {
        var page = ListEntriesResponse.newBuilder();
        String token = request.getPageToken();
        int most = request.getPageSize() == 0 ? 50 : request.getPageSize();
        int i = token.isEmpty() ? (int) request.getFromIndex() : Integer.parseInt(token);
        for (; i < entries.size() && page.getEntriesCount() < most; i++) {
            if (!hidden.contains(i)) {
                page.addEntries(message(i));
            }
        }
        answer(to, page.setNextPageToken(i < entries.size() ? String.valueOf(i) : "").build());
    }

    @Override
    public void watchEntries(WatchEntriesRequest request, StreamObserver<WatchEntriesResponse> to) {
        var checkpoint = new Checkpoint(key.origin(PARTITION), range.size(), range.root());
        for (int i = (int) request.getFromIndex(); i < entries.size(); i++) {
            if (!hidden.contains(i)) {
                to.onNext(WatchEntriesResponse.newBuilder()
                        .setEntry(message(i))
                        .setCheckpoint(checkpoint.sign(signer))
                        .build());
            }
        }
    }

    private io.agentpassport.proto.v1.LogEntry message(int index) {
        return shown.apply(io.agentpassport.proto.v1.LogEntry.newBuilder()
                .setIndex(index)
                .setEntryJson(ByteString.copyFrom(Jcs.bytes(entries.get(index))))
                .setPrivateJson(ByteString.copyFrom(Jcs.bytes(closed(index).members())))
                .setPrivateSalt(ByteString.copyFrom(closed(index).salt().toByteArray()))
                .build());
    }

    @Override
    public void getInclusionProof(GetInclusionProofRequest request, StreamObserver<GetInclusionProofResponse> to) {
        var answer = GetInclusionProofResponse.newBuilder();
        InclusionProof.build(request.getIndex(), request.getTreeSize(), this::node)
                .path()
                .forEach(hash -> answer.addPath(ByteString.copyFrom(hash.toByteArray())));
        answer(to, answer.build());
    }

    @Override
    public void getConsistencyProof(GetConsistencyProofRequest request,
            StreamObserver<GetConsistencyProofResponse> to) {
        if (request.getSecondSize() > range.size()) {
            to.onError(StatusProto.toStatusRuntimeException(ErrorDetails.encode(
                    GatewayErrors.logIndexOutOfRange(new PartitionName(PARTITION), range.size()))));
            return;
        }
        var answer = GetConsistencyProofResponse.newBuilder();
        ConsistencyProof.build(request.getFirstSize(), request.getSecondSize(), this::node)
                .path()
                .forEach(hash -> answer.addProof(ByteString.copyFrom(hash.toByteArray())));
        answer(to, answer.build());
    }

    private static <A> void answer(StreamObserver<A> to, A message) {
        to.onNext(message);
        to.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
