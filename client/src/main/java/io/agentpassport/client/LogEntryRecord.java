package io.agentpassport.client;

import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.PrivateMembers;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a log, as it was proven to be in it.
 *
 * @param entry what anybody may see
 * @param closed what the entry commits to besides; null where it is not for the caller, or there is nothing
 */
public record LogEntryRecord(LogEntry entry, @Nullable PrivateMembers closed) {}
