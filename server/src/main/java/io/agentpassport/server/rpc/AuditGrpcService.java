package io.agentpassport.server.rpc;

import com.google.protobuf.ByteString;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.proto.v1.AuditServiceGrpc.AuditServiceImplBase;
import io.agentpassport.proto.v1.GetCheckpointRequest;
import io.agentpassport.proto.v1.GetCheckpointResponse;
import io.agentpassport.proto.v1.GetConsistencyProofRequest;
import io.agentpassport.proto.v1.GetConsistencyProofResponse;
import io.agentpassport.proto.v1.GetInclusionProofRequest;
import io.agentpassport.proto.v1.GetInclusionProofResponse;
import io.agentpassport.proto.v1.GetLogKeyRequest;
import io.agentpassport.proto.v1.GetLogKeyResponse;
import io.agentpassport.proto.v1.ListEntriesRequest;
import io.agentpassport.proto.v1.ListEntriesResponse;
import io.agentpassport.proto.v1.WatchEntriesRequest;
import io.agentpassport.proto.v1.WatchEntriesResponse;
import io.agentpassport.server.audit.Audit;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.audit.EntryPage;
import io.agentpassport.server.audit.EntryQuery;
import io.agentpassport.server.audit.LogHead;
import io.agentpassport.server.audit.LoggedEntry;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.wire.AuditAnswers;
import io.agentpassport.wire.AuditRequests;
import io.agentpassport.wire.Decoded;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.Page;
import io.agentpassport.wire.PartitionName;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code AuditService} of the contract: every method decodes, asks the log of a partition, and encodes what it answers. */
final class AuditGrpcService extends AuditServiceImplBase {

    private final Audit audit;
    private final OpenWatches watches;
    private final Answers answers;

    AuditGrpcService(Audit audit, OpenWatches watches, Answers answers) {
        this.audit = audit;
        this.watches = watches;
        this.answers = answers;
    }

    @Override
    public void getLogKey(GetLogKeyRequest request, StreamObserver<GetLogKeyResponse> to) {
        answers.here(to, new Decoded.Valid<>(request), asked -> Answer.of(AuditAnswers.key(audit.logKey().key(),
                audit.logKey().audience(),
                audit.all().stream().map(log -> new PartitionName(log.partition().toString())).toList())).now());
    }

    @Override
    public void getCheckpoint(GetCheckpointRequest request, StreamObserver<GetCheckpointResponse> to) {
        answers.reading(to, AuditRequests.decode(request), partition -> {
            AuditLog log = log(partition);
            if (log == null) {
                return Answer.<GetCheckpointResponse>refused(GatewayErrors.logNotFound(partition)).now();
            }
            LogHead head = log.newest();
            Checkpoint checkpoint = head.checkpoint();
            return Answer.of(AuditAnswers.checkpoint(head.note(), checkpoint.size(), checkpoint.root())).now();
        });
    }

    @Override
    public void listEntries(ListEntriesRequest request, StreamObserver<ListEntriesResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, AuditRequests.decode(request), asked -> {
            AuditLog log = log(asked.partition());
            return (log == null
                    ? Answer.<ListEntriesResponse>refused(GatewayErrors.logNotFound(asked.partition()))
                    : list(log, asked, AuditSight.of(caller, asked.binding()))).now();
        });
    }

    private static Answer<ListEntriesResponse> list(AuditLog log, AuditRequests.EntryQuery asked, AuditSight sight) {
        String filters = log.partition() + ":" + asked.fromIndex() + ":" + sight.name();
        long from = asked.fromIndex();
        if (!asked.page().token().isEmpty()) {
            from = IndexToken.read(asked.page().token(), filters);
            if (from < 0) {
                return Answer.refused(ServiceErrors.invalidPageToken());
            }
        }
        if (sight.seesNothing() || from >= log.newest().size()) {
            return Answer.of(AuditAnswers.listed(new Page<>(List.of(), "")));
        }
        EntryPage page = log.entries(new EntryQuery(from, sight.binding(), sight.opened()), asked.page().size());
        return Answer.of(AuditAnswers.listed(new Page<>(
                page.entries().stream().filter(sight::shows).map(AuditGrpcService::encode).toList(),
                page.end() ? "" : IndexToken.write(page.next(), filters))));
    }

    @Override
    public void getInclusionProof(GetInclusionProofRequest request, StreamObserver<GetInclusionProofResponse> to) {
        answers.reading(to, AuditRequests.decode(request), asked -> {
            AuditLog log = log(asked.partition());
            if (log == null) {
                return Answer.<GetInclusionProofResponse>refused(GatewayErrors.logNotFound(asked.partition())).now();
            }
            LogHead head = log.newest();
            long size = asked.treeSize() == 0 ? head.size() : asked.treeSize();
            if (size > head.size() || asked.index() >= size) {
                return Answer.<GetInclusionProofResponse>refused(beyond(asked.partition(), head)).now();
            }
            return Answer.of(AuditAnswers.included(log.inclusion(asked.index(), size), log.leaf(asked.index()),
                    size == head.size() ? head.note() : null)).now();
        });
    }

    @Override
    public void getConsistencyProof(GetConsistencyProofRequest request,
            StreamObserver<GetConsistencyProofResponse> to) {
        answers.reading(to, AuditRequests.decode(request), asked -> {
            AuditLog log = log(asked.partition());
            if (log == null) {
                return Answer.<GetConsistencyProofResponse>refused(GatewayErrors.logNotFound(asked.partition()))
                        .now();
            }
            LogHead head = log.newest();
            long second = asked.secondSize() == 0 ? head.size() : asked.secondSize();
            if (second > head.size() || asked.firstSize() > second) {
                return Answer.<GetConsistencyProofResponse>refused(beyond(asked.partition(), head)).now();
            }
            return Answer.of(AuditAnswers.consistent(log.consistency(asked.firstSize(), second),
                    second == head.size() ? head.note() : null)).now();
        });
    }

    @Override
    public void watchEntries(WatchEntriesRequest request, StreamObserver<WatchEntriesResponse> to) {
        Caller caller = Caller.current();
        switch (AuditRequests.decode(request)) {
            case Decoded.Invalid<AuditRequests.EntryWatch> invalid -> to.onError(GrpcErrors.of(invalid.error()));
            case Decoded.Valid<AuditRequests.EntryWatch> valid -> {
                AuditRequests.EntryWatch asked = valid.value();
                AuditLog log = log(asked.partition());
                if (log == null) {
                    to.onError(GrpcErrors.of(GatewayErrors.logNotFound(asked.partition())));
                } else {
                    EntryStream.open(audit, log, asked, caller, watches,
                            (ServerCallStreamObserver<WatchEntriesResponse>) to);
                }
            }
        }
    }

    private @Nullable AuditLog log(PartitionName partition) {
        return audit.of(PartitionId.parse(partition.text()));
    }

    static ServiceError beyond(PartitionName partition, LogHead head) {
        return GatewayErrors.logIndexOutOfRange(partition, head.size());
    }

    static AuditAnswers.Entry encode(LoggedEntry entry) {
        return new AuditAnswers.Entry(entry.index(), ByteString.copyFrom(entry.json()), entry.closed());
    }
}
