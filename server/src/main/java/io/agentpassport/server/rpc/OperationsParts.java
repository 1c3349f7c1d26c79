package io.agentpassport.server.rpc;

import io.agentpassport.server.audit.Backups;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.issuance.OwnCertificate;
import io.agentpassport.server.store.PartitionId;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the service tells its operators of itself, besides what other parts know.
 *
 * @param version
 *            of the program
 * @param javaVersion
 *            that it runs on
 * @param startedAt
 *            when it was started
 * @param problems
 *            why it does not serve; empty when it does
 * @param tlsExpiresAt
 *            when the TLS certificate ends that it shows; null without TLS
 * @param anchoredSeq
 *            the newest commit of a partition that its anchor tells of, also after a loss of power
 * @param backups
 *            copies of the database
 */
public record OperationsParts(ServerConfig config, String version, String javaVersion, Instant startedAt,
        Supplier<List<String>> problems, OwnCertificate ownCertificate, Supplier<@Nullable Instant> tlsExpiresAt,
        ToLongFunction<PartitionId> anchoredSeq, Backups backups) {}
