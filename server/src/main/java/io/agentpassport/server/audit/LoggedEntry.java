package io.agentpassport.server.audit;

import io.agentpassport.core.receipt.PrivateMembers;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is stored.
 *
 * @param index its place
 * @param json its canonical bytes, which make the leaf; never changed by anybody
 * @param closed what it commits to; null when that is nothing, or is not for the one who asks
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record LoggedEntry(long index, byte[] json, @Nullable PrivateMembers closed) {}
