package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.proto.v1.BackupRequest;
import io.agentpassport.proto.v1.BackupResponse;
import io.agentpassport.proto.v1.ConfirmClockRequest;
import io.agentpassport.proto.v1.ConfirmClockResponse;
import io.agentpassport.proto.v1.GetStatusRequest;
import io.agentpassport.proto.v1.GetStatusResponse;
import io.agentpassport.proto.v1.OperationsServiceGrpc.OperationsServiceImplBase;
import io.agentpassport.server.audit.AppendEntry;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.audit.Backups;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.clock.ClockState;
import io.agentpassport.server.clock.TrustedClock;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionFigures;
import io.agentpassport.wire.Decoded;
import io.agentpassport.wire.OperationsAnswers;
import io.agentpassport.wire.OperationsAnswers.Relaxed;
import io.agentpassport.wire.OperationsAnswers.Status;
import io.agentpassport.wire.OperationsRequests;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code OperationsService} of the contract: what those ask who run the service. */
final class OperationsGrpcService extends OperationsServiceImplBase {

    private static final Logger LOG = LoggerFactory.getLogger(OperationsGrpcService.class);

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

    @Override
    public void confirmClock(ConfirmClockRequest request, StreamObserver<ConfirmClockResponse> to) {
        String admin = Caller.currentAdmin();
        answers.reading(to, OperationsRequests.decode(request), operators -> {
            Instant shown = millis(parts.clock().wall());
            if (Duration.between(shown, operators).abs().compareTo(TrustedClock.TOLERANCE) > 0) {
                return Answer.<ConfirmClockResponse>refused(ServiceErrors.clockDiffers(operators, shown)).now();
            }
            if (parts.clock().state() == ClockState.AHEAD) {
                LOG.warn("{} confirmed the clock, which was set forward: it is {}", admin, shown);
                return log(clockConfirmed(millis(parts.clock().confirm()), admin))
                        .thenApply(logged -> Answer.of(OperationsAnswers.clockConfirmed(shown)));
            }
            return (parts.clock().state() == ClockState.TRUSTED
                    ? Answer.of(OperationsAnswers.clockConfirmed(millis(parts.clock().instant())))
                    : Answer.<ConfirmClockResponse>refused(ServiceErrors.clockUntrusted())).now();
        });
    }

    @Override
    public void backup(BackupRequest request, StreamObserver<BackupResponse> to) {
        String admin = Caller.currentAdmin();
        answers.reading(to, OperationsRequests.decode(request),
                name -> switch (operations.backups().make(name, parts.clock().instant())) {
                    case Backups.Exists exists ->
                        Answer.<BackupResponse>refused(ServiceErrors.backupExists(name)).now();
                    case Backups.UnderWay other -> Answer
                            .<BackupResponse>refused(ServiceErrors.overloaded("backups", RpcLimits.RETRY_LATER))
                            .now();
                    case Backups.Made made -> {
                        LOG.info("{} had the backup {} made", admin, name);
                        yield log(Backups.entry(name, admin))
                                .thenApply(logged -> Answer.of(OperationsAnswers.backedUp(encode(made))));
                    }
                });
    }

    private static EntryDraft clockConfirmed(Instant at, String admin) {
        return EntryDraft.open("clock_confirmed",
                JsonObject.builder().put("at", at.toString()).put("by", admin).build());
    }

    private CompletableFuture<Long> log(EntryDraft draft) {
        return parts.gateway().partitions().service().submit(new AppendEntry(draft));
    }

    private static OperationsAnswers.Backup encode(Backups.Made made) {
        return new OperationsAnswers.Backup(made.path().toString(), made.bytes(), made.parts()
                .stream()
                .map(part -> new OperationsAnswers.BackedUp(part.partition().toString(), part.seq(), part.logSize()))
                .toList());
    }

    private Status status() {
        ServerConfig config = operations.config();
        return new Status(operations.version(), operations.javaVersion(), millis(operations.startedAt()),
                millis(parts.clock().wall()), operations.problems().get(), config.dev(),
                parts.gateway().partitions().all().stream().map(this::partition).toList(),
                Instant.ofEpochMilli(
                        (long) operations.ownCertificate().current().certificate().notAfterMillis()),
                operations.tlsExpiresAt().get(), Ed25519.providerName(),
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
