package io.agentpassport.server.trust;

import static io.agentpassport.server.TestService.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.server.TestService;
import io.agentpassport.server.trust.BundleWatches.Closed;
import io.agentpassport.server.trust.BundleWatches.Watch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleWatchesTest {

    @TempDir
    Path folder;

    private final TestPublisher acme = TestPublisher.of(500, "acme.example");

    @AutoClose
    private TestService service;

    @BeforeEach
    void open() {
        service = TestService.open(folder);
        get(service.trust.addPublisher(new AddPublisher(acme.key(), acme.domain(), List.of())));
    }

    private static final class Seen implements BundleWatches.Reader {
        private final List<Double> issued = new ArrayList<>();
        private String cursor = "";
        private boolean ready = true;
        private @Nullable Closed closed;

        @Override
        public synchronized boolean isReady() {
            return ready;
        }

        @Override
        public synchronized void next(BundleInForce bundle, String named) {
            issued.add(bundle.bundle().issuedAtMillis());
            cursor = named;
        }

        @Override
        public synchronized void closed(Closed why) {
            closed = why;
        }
    }

    private double publish() {
        service.clock.move(Duration.ofSeconds(1));
        get(service.trust.importBundle(acme.bundle(service.clock.instant())));
        return (double) service.clock.instant().toEpochMilli();
    }

    private BundleWatches.Outcome watch(PublicKey publisher, String cursor, Seen seen) {
        return service.trust.watch(publisher, cursor, seen);
    }

    @Test
    void theBundleInForceComesFirstAndThenEachThatReplacesIt() {
        double first = publish();
        Seen seen = new Seen();
        watch(acme.key(), "", seen);
        assertThat(seen.issued).containsExactly(first);

        double second = publish();
        assertThat(seen.issued).containsExactly(first, second);
    }

    @Test
    void aPublisherWithoutABundleIsFollowedFromItsFirst() {
        Seen seen = new Seen();
        watch(acme.key(), "", seen);
        assertThat(seen.issued).isEmpty();

        double first = publish();
        assertThat(seen.issued).containsExactly(first);
    }

    @Test
    void aCursorGoesOnAfterWhatItNamesAlsoAfterARestart() {
        publish();
        Seen seen = new Seen();
        try (Watch watch = (Watch) watch(acme.key(), "", seen)) {
            assertThat(watch).isNotNull();
        }
        service = service.restart(folder);

        Seen resumed = new Seen();
        watch(acme.key(), seen.cursor, resumed);
        assertThat(resumed.issued).isEmpty();
        double next = publish();
        assertThat(resumed.issued).containsExactly(next);
        assertThat(seen.issued).hasSize(1);

        Seen late = new Seen();
        watch(acme.key(), seen.cursor, late);
        assertThat(late.issued).containsExactly(next);
    }

    @Test
    void aReaderThatFallsBehindIsGivenTheNewestOnly() {
        Seen seen = new Seen();
        Watch watch = (Watch) watch(acme.key(), "", seen);
        seen.ready = false;
        publish();
        publish();
        double newest = publish();
        assertThat(seen.issued).isEmpty();

        seen.ready = true;
        watch.ready();
        assertThat(seen.issued).containsExactly(newest);
    }

    @Test
    void aReaderThatStopsReadingIsClosedAndAnotherIsNot() {
        Seen slow = new Seen();
        Seen quick = new Seen();
        watch(acme.key(), "", slow);
        watch(acme.key(), "", quick);
        slow.ready = false;
        publish();

        service.clock.move(TrustLimits.DEFAULT.readerStall());
        service.trust.refresh();
        assertThat(slow.closed).isNull();
        service.clock.move(Duration.ofMillis(1));
        service.trust.refresh();
        assertThat(slow.closed).isEqualTo(Closed.TOO_SLOW);
        assertThat(quick.closed).isNull();
        slow.ready = true;
        publish();
        assertThat(slow.issued).isEmpty();
        assertThat(quick.issued).hasSize(2);
    }

    @Test
    void aWatchEndsWithItsPublisherAndWithTheService() {
        Seen theirs = new Seen();
        Seen ours = new Seen();
        watch(acme.key(), "", theirs);
        watch(service.keys.bundle().publicKey(), "", ours);
        assertThat(ours.issued).hasSize(1);

        get(service.trust.removePublisher(new RemovePublisher("r1", acme.key())));
        assertThat(theirs.closed).isEqualTo(Closed.PUBLISHER_REMOVED);
        assertThat(ours.closed).isNull();
        service.trust.close();
        assertThat(ours.closed).isEqualTo(Closed.STOPPING);
    }

    @Test
    void whatCannotBeWatchedIsSaidSo() {
        publish();
        Seen seen = new Seen();
        watch(acme.key(), "", seen);
        PublicKey own = service.keys.bundle().publicKey();

        assertThat(watch(TestService.signer(9).publicKey(), "", new Seen()))
                .isEqualTo(new BundleWatches.UnknownPublisher());
        assertThat(watch(own, seen.cursor, new Seen())).isEqualTo(new BundleWatches.InvalidCursor());
        assertThat(watch(own, "nonsense", new Seen())).isEqualTo(new BundleWatches.InvalidCursor());
    }

    @Test
    void noMoreThanTheLimitWatchAtOnce() {
        List<Watch> open = new ArrayList<>();
        for (int i = 0; i < TrustLimits.DEFAULT.watchers(); i++) {
            open.add((Watch) watch(acme.key(), "", new Seen()));
        }
        assertThat(watch(acme.key(), "", new Seen()))
                .isEqualTo(new BundleWatches.TooMany());
        open.getFirst().close();
        open.getFirst().close();
        assertThat(watch(acme.key(), "", new Seen())).isInstanceOf(Watch.class);
        assertThat(watch(acme.key(), "", new Seen())).isInstanceOf(BundleWatches.TooMany.class);
    }
}
