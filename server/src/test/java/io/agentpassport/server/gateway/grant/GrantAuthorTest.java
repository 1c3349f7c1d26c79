package io.agentpassport.server.gateway.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import org.junit.jupiter.api.Test;

class GrantAuthorTest {

    @Test
    void anAgentWhoseBindingBeginsAsAnAdminIsWrittenDoesNotReadAsOne() {
        GrantAuthor agent = GrantAuthor.of(new Identity("other.example", "admin ada"));
        GrantAuthor admin = GrantAuthor.admin("ada@other.example");

        assertThat(agent.text()).isNotEqualTo(admin.text());
        assertThat(GrantAuthor.fromText(agent.text())).isEqualTo(agent);
        assertThat(GrantAuthor.fromText(agent.text()).isAgent()).isTrue();
        assertThat(GrantAuthor.fromText(agent.text()).shown()).isEqualTo("admin ada");
        assertThat(GrantAuthor.fromText(admin.text())).isEqualTo(admin);
        assertThat(GrantAuthor.fromText("agent:alice@a.example").shown()).isEqualTo("agent:alice");
    }
}
