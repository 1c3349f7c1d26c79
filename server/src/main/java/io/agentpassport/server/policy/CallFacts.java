package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonObject;
import java.time.Instant;

/**
 * All that a policy may look at before the queue. Values of conditions come from here by path: {@code args.amount},
 * {@code agent.binding}, {@code grant.id}, {@code session.id}, {@code time.hour}, {@code proof}.
 *
 * @param upstream
 *            whose tool it is
 * @param tool
 *            its name there
 * @param args
 *            the arguments as they were signed
 * @param agent
 *            who calls; by convention {@code binding}, {@code issuer_domain}, {@code principal}, {@code grade},
 *            {@code capabilities}
 * @param grant
 *            by what right; by convention {@code id}, {@code subject}, {@code scopes}, {@code depth}
 * @param session
 *            in which session; by convention {@code id}, {@code established_at}, {@code peer}
 * @param proof
 *            how the caller proved itself
 * @param now
 *            the instant of the call
 */
public record CallFacts(String upstream, String tool, JsonObject args, JsonObject agent, JsonObject grant,
        JsonObject session, ProofKind proof, Instant now) {}
