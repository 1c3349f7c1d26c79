package io.agentpassport.client;

import io.agentpassport.proto.v1.ServiceStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a service is.
 *
 * @param javaVersion that it runs on
 * @param now its clock
 * @param notReady why it does not serve; empty when it does
 * @param development whether it runs for development
 * @param certificateExpiresAt when the certificate by which it proves itself ends; it replaces that by itself
 * @param tlsExpiresAt null without TLS
 * @param cryptoProvider of its signatures
 * @param relaxed settings that are weaker than a service should have
 * @param upstreams the first 100
 * @param liveSessions sessions that were used of late
 * @param openCalls calls under way, of any kind
 */
public record ServiceStatusRecord(String version, String javaVersion, Instant startedAt, Instant now, boolean ready,
        List<String> notReady, boolean development, List<Partition> partitions, Instant certificateExpiresAt,
        @Nullable Instant tlsExpiresAt, String cryptoProvider, List<Relaxed> relaxed, List<UpstreamRecord> upstreams,
        long liveSessions, long openCalls, long connections) {

    /**
     * A part of its state, with one writer.
     *
     * @param id 4 hex digits
     * @param state such as {@code serving} or {@code recovering}
     * @param queueDepth commands that wait for the writer or for their commit
     * @param seq the newest durable commit
     * @param logSize entries of its log
     * @param anchoredSeq the newest commit that its anchor tells of, also after a loss of power
     */
    public record Partition(String id, String state, int queueDepth, long seq, long logSize, long rowsInMemory,
            long anchoredSeq) {}

    /** A setting, by its key, and what it lets happen. */
    public record Relaxed(String key, String meaning) {}

    public ServiceStatusRecord {
        notReady = List.copyOf(notReady);
        partitions = List.copyOf(partitions);
        relaxed = List.copyOf(relaxed);
        upstreams = List.copyOf(upstreams);
    }

    static ServiceStatusRecord of(ServiceStatus message) {
        return new ServiceStatusRecord(message.getVersion(), message.getJavaVersion(),
                WireValues.instant(message.getStartedAt()), WireValues.instant(message.getNow()), message.getReady(),
                message.getNotReadyReasonsList(), message.getDevelopment(),
                message.getPartitionsList()
                        .stream()
                        .map(one -> new Partition(one.getPartition(),
                                WireValues.word(one.getState(), "PARTITION_STATE_"), one.getQueueDepth(), one.getSeq(),
                                one.getLogSize(), one.getRowsInMemory(), one.getAnchoredSeq()))
                        .toList(),
                WireValues.instant(message.getCertificateExpiresAt()),
                message.hasTlsExpiresAt() ? WireValues.instant(message.getTlsExpiresAt()) : null,
                message.getCryptoProvider(),
                message.getRelaxedList().stream().map(one -> new Relaxed(one.getKey(), one.getMeaning())).toList(),
                message.getUpstreamsList().stream().map(UpstreamRecord::of).toList(), message.getLiveSessions(),
                message.getOpenCalls(), message.getConnections());
    }
}
