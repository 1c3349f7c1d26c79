package io.agentpassport.client;

import io.agentpassport.proto.v1.EstablishedSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as its service keeps it.
 *
 * @param id {@code sha256:HEX}
 * @param partition the partition that keeps it, 4 hex digits
 * @param json the record, canonical JSON
 * @param state {@code active}, {@code expired}, {@code idle}, {@code displaced}, {@code ended} or {@code revoked}
 * @param idleTimeout how long it may rest between accepted calls
 * @param lastActiveAt the last accepted call, or its beginning
 * @param endedAt when it was ended or displaced; null unless it was
 * @param endReason why, as the caller put it; null when nothing was said
 */
public record SessionRecord(String id, String partition, String json, String state, Duration idleTimeout,
        Instant lastActiveAt, @Nullable Instant endedAt, @Nullable String endReason) {

    static SessionRecord of(EstablishedSession message) {
        return new SessionRecord(message.getSessionId(), message.getPartition(),
                message.getSessionJson().toString(StandardCharsets.UTF_8),
                WireValues.word(message.getState(), "SESSION_STATE_"), WireValues.duration(message.getIdleTimeout()),
                WireValues.instant(message.getLastActiveAt()),
                message.hasEndedAt() ? WireValues.instant(message.getEndedAt()) : null,
                WireValues.orNull(message.getEndReason()));
    }
}
