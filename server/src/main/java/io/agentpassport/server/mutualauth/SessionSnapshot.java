package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.server.store.PartitionId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as it stood when it was asked for.
 *
 * @param partition
 *            where it is kept
 * @param identity
 *            the agent's
 * @param record
 *            what both sides hold
 * @param idleTimeout
 *            for how long it may rest between accepted calls
 * @param lastActiveAt
 *            the last accepted call, or the establishment; after a restart perhaps earlier than it was, never later
 * @param end
 *            null unless it was displaced or ended
 */
public record SessionSnapshot(PartitionId partition, Identity identity, Session record, SessionState state,
        Duration idleTimeout, Instant lastActiveAt, @Nullable SessionEnd end) {}
