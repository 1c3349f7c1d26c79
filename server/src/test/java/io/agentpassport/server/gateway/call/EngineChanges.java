package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.gateway.approval.ApprovalId;
import io.agentpassport.server.gateway.approval.SignedVote;
import io.agentpassport.server.gateway.call.EngineModel.Limit;
import io.agentpassport.server.gateway.call.EngineModel.Rules;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantTerms;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.partition.PartitionState;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.LimitScope;
import io.agentpassport.server.policy.OnError;
import io.agentpassport.server.policy.PolicyCode;
import io.agentpassport.server.policy.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** What people do while the engine runs: policies, trust, grants, and votes on what waits for them. */
final class EngineChanges {

    private static final List<Rules> PRESETS = List.of(
            new Rules(false, false, null, List.of(), false),
            new Rules(false, false, 2, List.of(new Limit("calls0", 60_000, 3, false, false, true)), false),
            new Rules(false, false, 5, List.of(new Limit("calls0", 0, 6, false, true, false),
                    new Limit("calls1", -1, 1, false, false, false)), false),
            new Rules(false, false, null, List.of(), true),
            new Rules(true, false, null, List.of(), false),
            new Rules(false, true, 1, List.of(new Limit("calls0", 90_000, 2, true, true, true)), false),
            new Rules(false, false, 3, List.of(new Limit("calls0", 60_000, 3, false, false, true)), true));

    /** An approval that somebody may give. */
    private record Waiting(ApprovalId id, String digest) {}

    private final SplittableRandom random;
    private final EngineWorld world;
    private final EngineModel model;
    private final List<CompletableFuture<?>> futures;
    private final List<GrantId> grants = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();

    /** @param futures to which what is under way is added */
    EngineChanges(SplittableRandom random, EngineWorld world, EngineModel model, List<CompletableFuture<?>> futures) {
        this.random = random;
        this.world = world;
        this.model = model;
        this.futures = futures;
        grants.add(world.grant(0, EngineWorld.terms("open", "20", 2, "read", "w*")));
        grants.add(world.grant(1, EngineWorld.terms("open", "9", 1, "shop/*")));
        grants.add(world.delegate(grants.get(0), 0, 1, below(1, "read")));
    }

    private static GrantTerms below(int delegationDepth, String tools) {
        return new GrantTerms(EngineWorld.patterns(tools), List.of(), null, JsonArray.EMPTY, null,
                EngineWorld.START.plus(Duration.ofHours(9)), delegationDepth, false);
    }

    GrantId anyGrant() {
        return grants.get(random.nextInt(grants.size()));
    }

    /** Somebody is asked for an approval. */
    void waits(ApprovalId id, String digest) {
        waiting.add(new Waiting(id, digest));
    }

    private boolean isSteady() {
        return world.partition().state() == PartitionState.SERVING && !world.store.hasCrashed();
    }

    void changePolicy() {
        if (!isSteady()) {
            return;
        }
        Rules rules = PRESETS.get(random.nextInt(PRESETS.size()));
        TestPolicies.TestPolicy policy = world.policies.put("open");
        if (rules.denies()) {
            policy.deny(PolicyCode.DENY_IF);
        }
        if (rules.hides()) {
            policy.hidden.add("write");
        }
        if (rules.price() != null) {
            policy.price(rules.price().toString());
        }
        for (Limit limit : rules.limits()) {
            policy.limit(limit.byAgent() ? LimitScope.AGENT : LimitScope.GRANT,
                    limit.windowMillis() == 0 ? Window.TOTAL
                            : limit.windowMillis() < 0 ? Window.INFLIGHT
                                    : Window.ofSeconds(limit.windowMillis() / 1000),
                    limit.max(), limit.refunds() ? OnError.REFUND : OnError.KEEP,
                    limit.sliding() ? LimitAlgorithm.SLIDING : LimitAlgorithm.FIXED);
        }
        if (rules.asks()) {
            policy.approval(1);
        }
        model.rules = rules;
        model.policy = policy.ref().text();
    }

    void changeTrust() {
        if (isSteady()) {
            boolean distrust = random.nextInt(3) == 0;
            world.trust = distrust ? EngineWorld.CALLERS.revokedUpTo(0) : EngineWorld.CALLERS.trusted();
            model.distrust(0, distrust);
        }
    }

    void changeGrants() {
        if (random.nextInt(3) > 0 && grants.size() > 1) {
            futures.add(world.grants.revoke(anyGrant(), null, "ada", "", "x")
                    .exceptionally(failure -> null));
        } else {
            int to = random.nextInt(3);
            CompletableFuture<Grants.MakeOutcome> made = random.nextBoolean()
                    ? world.grants.create(EngineWorld.identity(to),
                            EngineWorld.terms("open", random.nextBoolean() ? "7" : null, 2, "read", "write"),
                            "g" + random.nextInt(1_000_000), "ada")
                    : world.grants.delegate(anyGrant(), EngineWorld.identity(to),
                            below(0, "read"), "g" + random.nextInt(1_000_000), null, "ada");
            futures.add(made.handle((outcome, failure) -> {
                if (outcome instanceof Grants.Made one) {
                    grants.add(one.grant().grant().id());
                }
                return null;
            }));
        }
    }

    void vote() {
        if (waiting.isEmpty()) {
            return;
        }
        Waiting one = waiting.get(random.nextInt(waiting.size()));
        futures.add(world.approvals
                .vote(new SignedVote("bob", one.id, random.nextInt(4) > 0, one.digest,
                        world.clock.instant().toEpochMilli(), JsonObject.EMPTY, ""), "")
                .handle((outcome, failure) -> null));
    }
}
