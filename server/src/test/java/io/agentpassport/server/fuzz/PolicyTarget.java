package io.agentpassport.server.fuzz;

import io.agentpassport.server.policy.PolicyParser;
import java.nio.charset.StandardCharsets;

/** Policies, of each dialect: read, or refused with what is wrong. */
public final class PolicyTarget {

    private PolicyTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (PolicyParser.parse(new String(data, StandardCharsets.UTF_8)) instanceof PolicyParser.Invalid invalid
                && invalid.problems().isEmpty()) {
            throw new IllegalStateException("refused, and nobody is told why");
        }
    }
}
