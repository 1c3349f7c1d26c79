package io.agentpassport.wire;

import io.agentpassport.proto.v1.BackedUpPartition;
import io.agentpassport.proto.v1.BackupResponse;
import io.agentpassport.proto.v1.ConfirmClockResponse;
import io.agentpassport.proto.v1.GetStatusResponse;
import io.agentpassport.proto.v1.PartitionStatus;
import io.agentpassport.proto.v1.RelaxedSetting;
import io.agentpassport.proto.v1.ServiceStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers of operations_service.proto as values, and their encoding. */
public final class OperationsAnswers {

    /** Upstreams that one answer tells of. */
    public static final int MAX_UPSTREAMS = 100;
    /** Reasons that one answer tells of. */
    public static final int MAX_REASONS = 16;
    /** Characters of a reason. */
    public static final int MAX_REASON_CHARACTERS = 256;

    private OperationsAnswers() {}

    /** Whether a partition serves. */
    public enum PartitionState {
        /** Made, not started. */
        NEW,
        /** What is asked of it is decided and committed. */
        SERVING,
        /** A commit failed, and its outcome is not known. */
        RECOVERING,
        /** Another process has it. */
        FENCED,
        /** It stopped. */
        FAILED,
        /** What is under way is finished. */
        CLOSING,
        /** Closed. */
        CLOSED
    }

    /**
     * A part of the service's state.
     *
     * @param id 4 digits of hex
     * @param queueDepth commands that wait for its writer or for their commit
     * @param seq its newest durable commit
     * @param logSize entries of its log
     * @param anchoredSeq the newest commit that its anchor tells of, also after a loss of power
     */
    public record Partition(String id, PartitionState state, int queueDepth, long seq, long logSize, long rowsInMemory,
            long anchoredSeq) {}

    /** A setting that is weaker than its default, and what it lets happen. */
    public record Relaxed(String key, String meaning) {}

    /**
     * How a service is.
     *
     * @param notReady why it does not serve; empty when it does. The first {@link #MAX_REASONS} are told
     * @param tlsExpiresAt null without TLS
     * @param upstreams the first {@link #MAX_UPSTREAMS} are told
     */
    public record Status(String version, String javaVersion, Instant startedAt, Instant now, List<String> notReady,
            boolean development, List<Partition> partitions, Instant certificateExpiresAt,
            @Nullable Instant tlsExpiresAt, String cryptoProvider, List<Relaxed> relaxed,
            List<UpstreamAnswers.Upstream> upstreams, long liveSessions, long openCalls, long connections) {

        public Status {
            notReady = List.copyOf(notReady);
            partitions = List.copyOf(partitions);
            relaxed = List.copyOf(relaxed);
            upstreams = List.copyOf(upstreams);
        }
    }

    /** Answers GetStatus. */
    public static GetStatusResponse status(Status status) {
        var message = ServiceStatus.newBuilder()
                .setVersion(status.version())
                .setJavaVersion(status.javaVersion())
                .setStartedAt(WireTime.encode(status.startedAt()))
                .setNow(WireTime.encode(status.now()))
                .setReady(status.notReady().isEmpty())
                .setDevelopment(status.development())
                .setCertificateExpiresAt(WireTime.encode(status.certificateExpiresAt()))
                .setCryptoProvider(status.cryptoProvider())
                .setLiveSessions(status.liveSessions())
                .setOpenCalls(status.openCalls())
                .setConnections(status.connections());
        status.notReady().stream().limit(MAX_REASONS).map(OperationsAnswers::cut).forEach(message::addNotReadyReasons);
        status.partitions().forEach(partition -> message.addPartitions(encode(partition)));
        Instant tlsExpiresAt = status.tlsExpiresAt();
        if (tlsExpiresAt != null) {
            message.setTlsExpiresAt(WireTime.encode(tlsExpiresAt));
        }
        status.relaxed()
                .forEach(setting -> message.addRelaxed(
                        RelaxedSetting.newBuilder().setKey(setting.key()).setMeaning(setting.meaning())));
        status.upstreams()
                .stream()
                .limit(MAX_UPSTREAMS)
                .forEach(upstream -> message.addUpstreams(UpstreamAnswers.encode(upstream)));
        return GetStatusResponse.newBuilder().setStatus(message).build();
    }

    /**
     * A copy of the database.
     *
     * @param path its folder
     * @param bytes what its files take
     */
    public record Backup(String path, long bytes, List<BackedUp> partitions) {

        public Backup {
            partitions = List.copyOf(partitions);
        }
    }

    /**
     * How far a partition is in a copy.
     *
     * @param id 4 digits of hex
     * @param seq its newest commit
     * @param logSize entries of its log
     */
    public record BackedUp(String id, long seq, long logSize) {}

    /** Answers ConfirmClock. */
    public static ConfirmClockResponse clockConfirmed(Instant now) {
        return ConfirmClockResponse.newBuilder().setNow(WireTime.encode(now)).build();
    }

    /** Answers Backup. */
    public static BackupResponse backedUp(Backup backup) {
        var message = BackupResponse.newBuilder().setPath(backup.path()).setBytes(backup.bytes());
        backup.partitions()
                .forEach(one -> message.addPartitions(BackedUpPartition.newBuilder()
                        .setPartition(one.id())
                        .setSeq(one.seq())
                        .setLogSize(one.logSize())));
        return message.build();
    }

    private static PartitionStatus encode(Partition partition) {
        return PartitionStatus.newBuilder()
                .setPartition(partition.id())
                .setState(encode(partition.state()))
                .setQueueDepth(partition.queueDepth())
                .setSeq(partition.seq())
                .setLogSize(partition.logSize())
                .setRowsInMemory(partition.rowsInMemory())
                .setAnchoredSeq(partition.anchoredSeq())
                .build();
    }

    static io.agentpassport.proto.v1.PartitionState encode(PartitionState state) {
        return io.agentpassport.proto.v1.PartitionState.valueOf("PARTITION_STATE_" + state.name());
    }

    private static String cut(String reason) {
        return reason.length() <= MAX_REASON_CHARACTERS ? reason : reason.substring(0, MAX_REASON_CHARACTERS);
    }
}
