package io.agentpassport.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatesTest {

    private final AtomicLong ticks = new AtomicLong(Long.MAX_VALUE - 5);

    private Rates<String> rates(int most) {
        return new Rates<>(4, 3, most, ticks::get);
    }

    private void pass(Duration time) {
        // Over the end of its numbers too, as a ticker may.
        ticks.addAndGet(time.toNanos());
    }

    @Test
    void whoRestedMayDoSomeAtOnceAndThenOneAtATime() {
        Rates<String> rates = rates(10);
        for (int i = 0; i < 3; i++) {
            assertThat(rates.take("a")).isNull();
        }
        assertThat(rates.take("a")).isEqualTo(Duration.ofMillis(250));
        assertThat(rates.take("b")).as("another").isNull();
        pass(Duration.ofMillis(249));
        assertThat(rates.take("a")).isEqualTo(Duration.ofMillis(1));
        pass(Duration.ofMillis(1));
        assertThat(rates.take("a")).isNull();
        assertThat(rates.take("a")).isEqualTo(Duration.ofMillis(250));
        pass(Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            assertThat(rates.take("a")).isNull();
        }
        assertThat(rates.take("a")).as("a long rest is no longer than a short one").isNotNull();
    }

    @Test
    void whatIsRefusedCountsNothing() {
        Rates<String> rates = rates(10);
        for (int i = 0; i < 100; i++) {
            rates.take("a");
        }
        pass(Duration.ofMillis(250));
        assertThat(rates.take("a")).isNull();
    }

    @Test
    void onlySoManyAreRememberedAndThoseWhoRestedAreForgotten() {
        Rates<String> rates = rates(2);
        assertThat(rates.take("a")).isNull();
        assertThat(rates.take("b")).isNull();
        assertThat(rates.take("c")).as("there is no room").isNotNull();
        assertThat(rates.take("a")).as("who is known is judged as always").isNull();
        pass(Duration.ofMillis(250));
        assertThat(rates.take("c")).isNull();
        assertThat(rates.remembered()).isEqualTo(2);
    }

    @Test
    void ofManyAtOnceNoMorePassThanMay() {
        Rates<String> rates = new Rates<>(1, 50, 10, ticks::get);
        List<CompletableFuture<Boolean>> all = IntStream.range(0, 8)
                .boxed()
                .flatMap(thread -> IntStream.range(0, 100)
                        .mapToObj(i -> CompletableFuture.supplyAsync(
                                () -> rates.take("a") == null)))
                .toList();
        assertThat(all.stream().filter(CompletableFuture::join)).hasSize(50);
    }
}
