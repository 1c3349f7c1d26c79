package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a limit.
 *
 * @param left
 *            how much, never negative, also when max has become less than what is used; null without a limit
 * @param resetsAt
 *            from when on nothing of what is used now counts; null when that does not come by waiting
 */
public record Remaining(@Nullable Decimal left, @Nullable Instant resetsAt) {}
