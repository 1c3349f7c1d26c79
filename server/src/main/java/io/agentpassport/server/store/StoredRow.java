package io.agentpassport.server.store;

import java.time.Instant;

/**
 * A row as it is durable.
 *
 * @param expiresAt
 *            the first instant at which the row is gone, in whole milliseconds; {@link #NEVER} when it stays
 */
public record StoredRow<K, V>(K key, V value, Instant expiresAt) {

    /** The expiry of a row that stays until it is deleted. */
    public static final Instant NEVER = Instant.MAX;
}
