package io.agentpassport.server.gateway.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApprovalTest {

    private static Approval.Request of(String tool) {
        return new Approval.Request(new Identity("example.org", "agent:a"), "h", "p", "r", "d", tool, JsonObject.EMPTY,
                "g", "open@1", "definition", "/rule", "", 1, List.of(), false, List.of());
    }

    @Test
    void isForOneToolOfOneUpstreamAlsoWhenAnotherIsDefinedAlike() {
        assertThat(of("shop/pay").isFor(of("shop/pay"))).isTrue();
        assertThat(of("shop/pay").isFor(of("bank/pay"))).isFalse();
    }
}
