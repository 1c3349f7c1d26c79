package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.UpstreamRecord;
import io.agentpassport.client.UpstreamToolRecord;
import io.agentpassport.server.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upstreams as an admin sees them. */
class UpstreamServiceTest {

    @TempDir
    Path folder;

    @Test
    void anAdminListsUpstreamsAndTakesToolsOutOfUseAndBack() {
        try (TestServer service = TestServer.start(folder)) {
            PassportClient admin = service.admin();
            assertThat(admin.upstreams().list(null).items())
                    .containsExactly(new UpstreamRecord("builtin", "built_in", "", "connected", "", 3));
            assertThat(admin.upstreams().tools("builtin", null).items()).extracting(UpstreamToolRecord::name)
                    .containsExactly("calculator", "clock", "echo");

            UpstreamToolRecord held = admin.upstreams().quarantine("builtin", "echo", "loud");

            assertThat(held.state()).isEqualTo("quarantined");
            assertThat(held.difference()).isEqualTo("loud");
            assertThat(held.changedBy()).isNotEmpty();
            assertThat(admin.upstreams().accept("builtin", "echo", held.currentDigest()).state())
                    .isEqualTo("accepted");
        }
    }

    @Test
    void refusesWhatIsNotThereAndWhoIsNoAdmin() {
        try (TestServer service = TestServer.start(folder)) {
            PassportClient admin = service.admin();
            String digest = "sha256:" + "0".repeat(64);
            assertThatThrownBy(() -> admin.upstreams().tools("nobody", null)).isInstanceOf(PassportException.class)
                    .hasMessageContaining("no upstream nobody");
            assertThatThrownBy(() -> admin.upstreams().accept("builtin", "nothing", digest))
                    .hasMessageContaining("no tool builtin/nothing");
            assertThatThrownBy(() -> admin.upstreams().quarantine("nobody", "echo", "x"))
                    .hasMessageContaining("no tool nobody/echo");
            admin.upstreams().quarantine("builtin", "echo", "loud");
            assertThatThrownBy(() -> admin.upstreams().accept("builtin", "echo", digest))
                    .hasMessageContaining("another definition");
            assertThatThrownBy(() -> service.anyone().upstreams().list(null)).isInstanceOf(PassportException.class);
        }
    }
}
