package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.wire.ErrorReason;
import io.grpc.Context;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ReadersTest {

    private final Queue<Runnable> ofAdmins = new ArrayDeque<>();
    private final Queue<Runnable> ofOthers = new ArrayDeque<>();
    private final Readers readers = new Readers(ofAdmins::add, ofOthers::add);

    private CompletableFuture<Answer<String>> read(String peer) {
        return readers.read(new Caller.Anyone(peer), () -> Answer.of("read for " + peer).now());
    }

    private static ErrorReason reason(CompletableFuture<Answer<String>> refused) {
        assertThat(refused).as("answered at once").isCompleted();
        return ((Answer.Refused<String>) refused.join()).error().reason();
    }

    @Test
    void oneCallerTakesItsShareAndNoMore() {
        for (int i = 0; i < Readers.OF_ONE_CALLER; i++) {
            assertThat(read("a")).isNotDone();
        }
        assertThat(reason(read("a"))).isEqualTo(ErrorReason.OVERLOADED);
        assertThat(read("b")).as("somebody else").isNotDone();
        assertThat(ofOthers).hasSize(Readers.OF_ONE_CALLER + 1);

        ofOthers.remove().run();
        assertThat(read("a")).as("one of its reads is over").isNotDone();
        assertThat(reason(read("a"))).isEqualTo(ErrorReason.OVERLOADED);
        ofOthers.forEach(Runnable::run);
        assertThat(read("a")).isNotDone();
    }

    @Test
    void whatWasNotTakenGivesItsShareBack() {
        var full = new Readers(ofAdmins::add, task -> {
            throw new RejectedExecutionException("full");
        });
        for (int i = 0; i < 2 * Readers.OF_ONE_CALLER; i++) {
            assertThat(full.read(new Caller.Anyone("a"), () -> Answer.of("read").now()))
                    .as("not refused for its share")
                    .isCompletedExceptionally();
        }
    }

    @Test
    void nothingIsReadForWhomNobodyWaits() throws Exception {
        Context.CancellableContext asking = Context.current().withCancellation();
        var ran = new boolean[1];
        CompletableFuture<Answer<String>> answer = asking.call(() -> readers.read(new Caller.Anyone("a"),
                () -> {
                    ran[0] = true;
                    return Answer.of("read").now();
                }));
        asking.cancel(null);
        ofOthers.remove().run();

        assertThat(ran[0]).isFalse();
        assertThat(answer).isCompleted();
    }
}
