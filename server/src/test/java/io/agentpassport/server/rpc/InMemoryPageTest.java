package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.partition.ListPage;
import io.agentpassport.wire.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InMemoryPageTest {

    @Test
    void aListThatNamesAnItemTwiceHasAnEnd() {
        // A publisher may list one anchor as often as it likes.
        List<String> items = List.of("a", "a", "a", "b", "b");
        var seen = new ArrayList<String>();
        String token = "";
        for (int pages = 0; token != null && pages < 10; pages++) {
            ListPage<String> page = Objects
                    .requireNonNull(InMemoryPage.of(items, "", item -> item, new PageRequest(1, token)));
            seen.addAll(page.rows());
            token = page.next();
        }

        assertThat(token).isNull();
        assertThat(seen).contains("a", "b");
    }
}
