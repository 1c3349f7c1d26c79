package io.agentpassport.server.gateway.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.server.store.PartitionId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeldGrantsTest {

    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");

    private final NonceSource nonces = NonceSource.from(new Random(7));
    private final GrantId above = id();

    private GrantId id() {
        return GrantId.random(new PartitionId(1), nonces);
    }

    private Grant grant(boolean delegated) {
        var terms = new GrantTerms(Objects.requireNonNull(GrantTerms.patterns(List.of("t"))), List.of(), null,
                JsonArray.EMPTY, null, NOW.plusSeconds(60), 0, false);
        return new Grant(id(), new Identity("example.org", "agent:a"), delegated ? List.of(above) : List.of(), terms,
                null, null, NOW, "somebody");
    }

    private static @Nullable HeldGrants with(HeldGrants held, Grant grant) {
        return held.with(grant, NOW, id -> false);
    }

    private HeldGrants full(boolean delegated) {
        HeldGrants held = HeldGrants.NONE;
        for (HeldGrants more = held; more != null; more = with(held, grant(delegated))) {
            held = more;
        }
        return held;
    }

    @Test
    void whatAgentsPassOnLeavesHalfOfTheRoomToOperators() {
        HeldGrants held = full(true);

        assertThat(held.entries()).hasSize(HeldGrants.MAX_DELEGATED);
        for (int i = 0; i < HeldGrants.MAX - HeldGrants.MAX_DELEGATED; i++) {
            held = Objects.requireNonNull(with(held, grant(false)));
        }
        assertThat(with(held, grant(false))).isNull();
    }

    @Test
    void operatorsMayUseAllOfIt() {
        HeldGrants held = full(false);

        assertThat(held.entries()).hasSize(HeldGrants.MAX);
        assertThat(with(held, grant(true))).isNull();
    }

    @Test
    void whatHangsOnSomethingRevokedMakesRoom() {
        assertThat(Objects.requireNonNull(full(true).with(grant(true), NOW, above::equals)).entries()).hasSize(1);
    }
}
