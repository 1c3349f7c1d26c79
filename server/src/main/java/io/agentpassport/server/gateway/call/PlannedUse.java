package io.agentpassport.server.gateway.call;

import io.agentpassport.server.gateway.limit.CounterUse;
import io.agentpassport.server.policy.LimitRule;

/**
 * What a call will use of one counter.
 *
 * @param use
 *            the counter and the cost; without max when the document only watches
 * @param limit
 *            the limit that asks for it
 * @param rule
 *            where it stands, {@code POLICY_ID@VERSION#/pointer} or {@code GRANT_ID#/limits/0}
 * @param own
 *            whether the counter is the caller's own, so that it may be told what is left
 */
record PlannedUse(CounterUse use, LimitRule limit, String rule, boolean own) {}
