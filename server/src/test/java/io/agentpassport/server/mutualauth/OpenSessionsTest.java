package io.agentpassport.server.mutualauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.server.mutualauth.OpenSessions.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenSessionsTest {

    private static final long IDLE = 50;

    @Test
    void keepsTheMostRecentlyActiveOfThoseThatAreNotOver() {
        for (long seed = 1; seed <= 500; seed++) {
            var random = new Random(seed);
            OpenSessions open = OpenSessions.NONE;
            Map<SessionId, Long> active = new HashMap<>();
            long now = 1_000;
            for (int step = 0; step < 40; step++) {
                now += random.nextInt(15);
                Entry next = new Entry(id(random), now, now + 1 + random.nextInt(100));
                long at = now;
                open.entries()
                        .stream()
                        .filter(entry -> random.nextInt(4) == 0)
                        .forEach(
                                entry -> active.put(entry.id(), at));
                Set<SessionId> counted = new HashSet<>();
                for (Entry entry : open.entries()) {
                    if (now <= entry.expiresAtMillis() && now - active(active, entry) <= IDLE) {
                        counted.add(entry.id());
                    }
                }

                OpenSessions.Admission admission = open.admit(next, 5, IDLE, entry -> active(active, entry), now);

                List<SessionId> kept = new ArrayList<>(admission.open().entries().stream().map(Entry::id).toList());
                assertThat(kept).as("seed %d step %d", seed, step).hasSizeLessThanOrEqualTo(5).contains(next.id());
                kept.remove(next.id());
                assertThat(union(kept, admission.displaced())).as("seed %d step %d", seed, step).isEqualTo(counted);
                assertThat(admission.displaced()).hasSize(Math.max(0, counted.size() - 4));
                long restedLongest = kept.stream()
                        .mapToLong(id -> activeOf(admission.open(), active, id))
                        .min()
                        .orElse(
                                Long.MAX_VALUE);
                OpenSessions before = open;
                assertThat(admission.displaced()).allMatch(id -> activeOf(before, active, id) <= restedLongest);
                open = admission.open();
            }
        }
    }

    @Test
    void ofTwoThatRestedEquallyLongTheOlderGoes() {
        var random = new Random(1);
        OpenSessions open = OpenSessions.NONE;
        List<SessionId> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(id(random));
            open = open.admit(new Entry(ids.get(i), 10, 1_000), 3, IDLE, Entry::establishedAtMillis, 10).open();
        }
        assertThat(open.entries()).extracting(Entry::id).containsExactlyElementsOf(ids.subList(1, 4));
        assertThat(open.without(ids.get(2)).entries()).extracting(Entry::id).containsExactly(ids.get(1), ids.get(3));
    }

    @Test
    void isReadAsItWasWritten() {
        var random = new Random(2);
        OpenSessions open = new OpenSessions(List.of(new Entry(id(random), 1, 2), new Entry(id(random), 3, 4)));

        assertThat(OpenSessions.fromJson(open.json())).isEqualTo(open);
        assertThat(open.expiresAt().toEpochMilli()).isEqualTo(5);
    }

    private static long active(Map<SessionId, Long> active, Entry entry) {
        return Math.max(entry.establishedAtMillis(), active.getOrDefault(entry.id(), 0L));
    }

    private static long activeOf(OpenSessions open, Map<SessionId, Long> active, SessionId id) {
        return open.entries()
                .stream()
                .filter(entry -> entry.id().equals(id))
                .map(entry -> active(active, entry))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Set<SessionId> union(List<SessionId> some, List<SessionId> others) {
        Set<SessionId> union = new HashSet<>(some);
        union.addAll(others);
        return union;
    }

    private static SessionId id(Random random) {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        return new SessionId("sha256:" + HexText.encode(digest));
    }
}
