package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.proto.v1.GetStatusRequest;
import io.agentpassport.proto.v1.GetStatusResponse;
import io.agentpassport.proto.v1.OperationsServiceGrpc.OperationsServiceImplBase;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionFigures;
import io.agentpassport.wire.Decoded;
import io.agentpassport.wire.OperationsAnswers;
import io.agentpassport.wire.OperationsAnswers.Relaxed;
import io.agentpassport.wire.OperationsAnswers.Status;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** {@code OperationsService} of the contract: what those ask who run the service. */
final class OperationsGrpcService extends OperationsServiceImplBase {

    private final RpcParts parts;
    private final OperationsParts operations;
    private final BoundedCalls calls;
    private final Connections connections;
    private final Answers answers;

    OperationsGrpcService(RpcParts parts, BoundedCalls calls, Connections connections, Answers answers) {
        this.parts = parts;
        this.operations = parts.operations();
        this.calls = calls;
        this.connections = connections;
        this.answers = answers;
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> to) {
        answers.here(to, new Decoded.Valid<>(request), asked -> Answer.of(OperationsAnswers.status(status())).now());
    }

    private Status status() {
        ServerConfig config = operations.config();
        return new Status(operations.version(), operations.javaVersion(), millis(operations.startedAt()),
                millis(parts.clock().instant()), operations.problems().get(), config.dev(),
                parts.gateway().partitions().all().stream().map(this::partition).toList(),
                Instant.ofEpochMilli(
                        (long) operations.ownCertificate().current().certificate().notAfterMillis()),
                operations.tlsExpiresAt(), Ed25519.providerName(),
                config.relaxed().stream().map(key -> new Relaxed(key, ServerConfig.meaningOf(key))).toList(),
                parts.gateway().upstreams().list().stream().map(UpstreamGrpcService::encode).toList(),
                parts.mutualAuth().sessionsInUse(), calls.underWay(), connections.open());
    }

    private OperationsAnswers.Partition partition(Partition partition) {
        PartitionFigures figures = partition.figures();
        AuditLog log = parts.gateway().audit().of(partition.id());
        return new OperationsAnswers.Partition(partition.id().toString(),
                OperationsAnswers.PartitionState.valueOf(partition.state().name()), figures.underWay(), figures.seq(),
                log == null ? 0 : log.newest().size(), figures.residentRows(),
                operations.anchoredSeq().applyAsLong(partition.id()));
    }

    private static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
