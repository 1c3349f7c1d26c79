package io.agentpassport.server.gateway.call;

import static io.agentpassport.server.gateway.call.EngineWorld.code;
import static io.agentpassport.server.gateway.call.EngineWorld.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.policy.LimitScope;
import io.agentpassport.server.policy.OnError;
import io.agentpassport.server.policy.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Passing grants on brings nobody more calls. */
class DelegationTest {

    private final EngineWorld world = new EngineWorld();

    private DecisionCode calls(int agent) {
        return code(world.call(agent).process());
    }

    @ParameterizedTest
    @EnumSource(names = {"AGENT", "PRINCIPAL", "GRANT"})
    void whoPassesAGrantOnGetsNoMoreCallsByIt(LimitScope scope) {
        GrantId root = world.grant(0, terms("open", null, 2, "read"));
        GrantId middle = world.delegate(root, 0, 1, terms(null, null, 1, "read"));
        world.delegate(middle, 1, 2, terms(null, null, 0, "read"));
        world.policies.put("open").limit(scope, Window.TOTAL, 3, OnError.KEEP);

        assertThat(calls(0)).isEqualTo(DecisionCode.ALLOWED);
        assertThat(calls(1)).isEqualTo(DecisionCode.ALLOWED);
        assertThat(calls(2)).isEqualTo(DecisionCode.ALLOWED);
        for (int agent = 0; agent < 3; agent++) {
            assertThat(calls(agent)).as("agent %s", agent).isEqualTo(DecisionCode.LIMIT);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AGENT", "PRINCIPAL"})
    void eachIsCountedByThePolicyOfItsOwnGrantToo(LimitScope scope) {
        world.policies.put("open").limit(scope, Window.TOTAL, 3, OnError.KEEP);
        world.policies.put("tight").limit(scope, Window.TOTAL, 1, OnError.KEEP);
        GrantId root = world.grant(0, terms("open", null, 1, "read"));
        world.delegate(root, 0, 1, terms("tight", null, 0, "read"));
        world.delegate(root, 0, 2, terms("tight", null, 0, "read"));

        assertThat(calls(1)).isEqualTo(DecisionCode.ALLOWED);
        assertThat(calls(1)).isEqualTo(DecisionCode.LIMIT);
        assertThat(calls(2)).isEqualTo(DecisionCode.ALLOWED);
        assertThat(calls(0)).isEqualTo(DecisionCode.ALLOWED);
        assertThat(calls(0)).isEqualTo(DecisionCode.LIMIT);
    }

    @Test
    void whatIsLeftToAnotherAgentIsNotShown() {
        GrantId root = world.grant(0, terms("open", null, 1, "read"));
        world.delegate(root, 0, 1, terms(null, null, 0, "read"));
        world.policies.put("open").limit(LimitScope.AGENT, Window.TOTAL, 3, OnError.KEEP);

        assertThat(((CallAnswer.Ran) world.call(1).process()).report().limits()).isEmpty();
        assertThat(((CallAnswer.Ran) world.call(0).process()).report().limits())
                .extracting(CallReport.LimitLeft::left)
                .containsExactly("1");
    }
}
