package io.agentpassport.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class QueuedOnceTest {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean full;
    private int done;
    private Runnable meanwhile = () -> {};
    private final QueuedOnce work = new QueuedOnce(task -> {
        if (full) {
            throw new RejectedExecutionException();
        }
        waiting.add(task);
    }, () -> {
        done++;
        meanwhile.run();
    });

    @Test
    void waitsOnceHoweverOftenItIsAskedFor() {
        work.ask();
        work.ask();

        assertThat(waiting).hasSize(1);
        waiting.remove().run();
        assertThat(done).isEqualTo(1);
    }

    @Test
    void whatIsAskedForAfterItBeganIsDoneAgain() {
        meanwhile = work::ask;
        work.ask();
        waiting.remove().run();

        waiting.remove().run();
        assertThat(done).isEqualTo(2);
    }

    @Test
    void whatWasNotTakenMayBeAskedForLater() {
        full = true;
        work.ask();
        full = false;
        work.ask();

        assertThat(waiting).hasSize(1);
    }
}
