package io.agentpassport.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OneAtATimeTest {

    private final OneAtATime one = new OneAtATime();

    @Test
    void beginsAgainOnlyWhenWhatWasBegunHasEnded() {
        CompletableFuture<Integer> work = new CompletableFuture<>();
        CompletableFuture<Integer> first = one.run(() -> work);

        assertThat(one.run(() -> CompletableFuture.completedFuture(2))).isCompletedWithValue(0);
        work.complete(1);

        assertThat(first).isCompletedWithValue(1);
        assertThat(one.run(() -> CompletableFuture.completedFuture(2))).isCompletedWithValue(2);
    }

    @Test
    void beginsAgainAfterAFailure() {
        assertThat(one.run(() -> CompletableFuture.failedFuture(new IllegalStateException())))
                .isCompletedExceptionally();
        assertThat(one.run(() -> {
            throw new IllegalStateException("made on purpose");
        })).isCompletedExceptionally();
        assertThat(one.run(() -> CompletableFuture.completedFuture(2))).isCompletedWithValue(2);
    }
}
