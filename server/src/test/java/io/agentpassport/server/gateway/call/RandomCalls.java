package io.agentpassport.server.gateway.call;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.core.toolcall.UnsignedToolCall;
import io.agentpassport.server.gateway.call.EngineModel.Asked;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.mutualauth.CallerSession;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls drawn at random, from so few that many are asked again. */
final class RandomCalls {

    private static final Map<String, ToolCall> CALLS = new ConcurrentHashMap<>();

    private final SplittableRandom random;
    private final EngineWorld world;

    /** A call, and how the model knows it. */
    record Drawn(Asked asked, IncomingCall incoming) {}

    RandomCalls(SplittableRandom random, EngineWorld world) {
        this.random = random;
        this.world = world;
    }

    /** @param anyGrant draws a grant, for those that name one */
    Drawn next(Supplier<GrantId> anyGrant) {
        int agent = random.nextInt(10) == 0 ? 2 : random.nextInt(2);
        String requestId = "a" + agent + "-" + random.nextInt(14);
        int variant = random.nextInt(12) == 0 ? 1 : 0;
        String tool = switch (random.nextInt(8)) {
            case 0 -> "gone";
            case 1, 2 -> "write";
            case 3 -> "pay";
            default -> "read";
        };
        String grant = random.nextInt(5) == 0 ? anyGrant.get().text() : null;
        Integer ceiling = random.nextInt(8) == 0 ? 2 : null;
        long issuedAt = world.clock.instant().toEpochMilli() / 30_000 * 30_000
                - (random.nextInt(15) == 0 ? 120_000 : 0);
        ToolCall call = call(agent, requestId, variant, tool, grant, ceiling, issuedAt);
        Asked asked = new Asked(agent, requestId, call.digest().text(), tool, grant, ceiling, issuedAt);
        return new Drawn(asked,
                new IncomingCall(call, Signature.of(new byte[64]), world.caller(agent),
                        EngineWorld.principal(EngineWorld.identity(agent))));
    }

    private ToolCall call(int agent, String requestId, int variant, String tool, @Nullable String grant,
            @Nullable Integer ceiling, long issuedAt) {
        String key = agent + requestId + variant + tool + grant + ceiling + issuedAt;
        ToolCall known = grant == null ? CALLS.get(key) : null;
        if (known != null) {
            return known;
        }
        CallerSession caller = world.caller(agent);
        JsonObject statement = new UnsignedToolCall(requestId, caller.identity().binding(), caller.id(),
                EngineWorld.AUDIENCE, grant, new ToolName(null, tool),
                JsonObject.builder().put("n", new JsonNumber(variant)).build(), null,
                ceiling == null ? null : new Money(Decimal.of(ceiling), "USD"), null, issuedAt, Nonce.of(new byte[16]))
                .statement();
        ToolCall call = ((ToolCall.Parsed) ToolCall.fromStatement(statement)).call();
        if (grant == null) {
            CALLS.put(key, call);
        }
        return call;
    }
}
