package io.agentpassport.server.gateway.call;

import static io.agentpassport.server.gateway.call.EngineWorld.identity;
import static io.agentpassport.server.gateway.call.EngineWorld.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.Grants;
import org.junit.jupiter.api.Test;

/** An agent that passes a grant on to whoever it can think of. */
class GrantFloodTest {

    private final EngineWorld world = new EngineWorld();

    @Test
    void noMoreGrantsHangOnOneThanMay() {
        GrantId root = world.grant(0, terms("open", null, 1, "read"));
        int made = 0;
        for (; made < 10_000; made++) {
            if (!(delegates(root, made) instanceof Grants.Made)) {
                break;
            }
        }
        assertThat(made).isEqualTo(10_000);
        assertThat(delegates(root, made)).isEqualTo(new Grants.TooManyBelow(10_000));

        assertThat(delegates(world.grant(0, terms("open", null, 1, "read")), made)).isInstanceOf(Grants.Made.class);
    }

    private Grants.MakeOutcome delegates(GrantId root, int number) {
        return world.get(world.grants.delegate(root, new Identity("localhost", "agent:nobody-" + number),
                terms(null, null, 0, "read"), "d" + number, identity(0), ""));
    }
}
