package io.agentpassport.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import org.junit.jupiter.api.Test;

class IdentityFilterTest {

    private static final Identity OWN = new Identity("a.example", "agent:a");

    @Test
    void whoSeesOnlyItsOwnIsLeftWithItselfOrNothing() {
        assertThat(IdentityFilter.ALL.narrowedTo(OWN)).isEqualTo(IdentityFilter.of(OWN));
        assertThat(new IdentityFilter("a.example", null).narrowedTo(OWN)).isEqualTo(IdentityFilter.of(OWN));
        assertThat(new IdentityFilter(null, "agent:a").narrowedTo(OWN)).isEqualTo(IdentityFilter.of(OWN));
        assertThat(IdentityFilter.of(OWN).narrowedTo(OWN)).isEqualTo(IdentityFilter.of(OWN));

        assertThat(new IdentityFilter("b.example", null).narrowedTo(OWN)).isNull();
        assertThat(new IdentityFilter(null, "agent:b").narrowedTo(OWN)).isNull();
        assertThat(new IdentityFilter("b.example", "agent:a").narrowedTo(OWN)).isNull();
        assertThat(new IdentityFilter("a.example", "agent:b").narrowedTo(OWN)).isNull();
    }

    @Test
    void whoSeesEverythingIsLeftWithWhatItAskedFor() {
        IdentityFilter asked = new IdentityFilter(null, "agent:b");

        assertThat(asked.narrowedTo(null)).isEqualTo(asked);
        assertThat(asked.matches(OWN)).isFalse();
        assertThat(asked.matches(new Identity("b.example", "agent:b"))).isTrue();
    }

    @Test
    void onlyBothNamesMakeAnIdentity() {
        assertThat(IdentityFilter.of(OWN).identity()).isEqualTo(OWN);
        assertThat(IdentityFilter.ALL.identity()).isNull();
        assertThat(new IdentityFilter("a.example", null).identity()).isNull();
        assertThat(new IdentityFilter("", "agent:a").identity()).isNull();
        assertThat(new IdentityFilter("a.example", "x".repeat(Identity.MAX_CHARACTERS + 1)).identity()).isNull();
    }
}
