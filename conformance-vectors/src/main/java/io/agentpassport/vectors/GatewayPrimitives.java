package io.agentpassport.vectors;

import java.util.Set;

/** The primitives that no library of the protocol has, but the gateway: judging by a policy, and counting. */
public final class GatewayPrimitives {

    /** Their names. */
    public static final Set<String> NAMES = Set.of("limitScript", "readPolicy", "policyText", "policyTools",
            "judgePolicy", "judgeResult");

    private GatewayPrimitives() {}
}
