package io.agentpassport.server.rpc;

import io.agentpassport.wire.ServiceError;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers of a watch, which ends once: by its caller, or by whoever comes first here. What was held for it is given back
 * then.
 *
 * @param <A>
 *            one answer
 */
final class PushedAnswers<A> {

    private final ServerCallStreamObserver<A> to;
    private final List<Runnable> held = new ArrayList<>();
    private boolean ended;

    /** To be made while the handler runs. */
    PushedAnswers(ServerCallStreamObserver<A> to) {
        this.to = to;
        // With a handler, what is sent to a caller that has gone is dropped instead of thrown back.
        to.setOnCancelHandler(() -> {
            synchronized (this) {
                ended = true;
            }
            giveBack();
        });
    }

    boolean isReady() {
        return to.isReady();
    }

    /** Sends one, unless the watch is over. */
    synchronized void send(A answer) {
        if (!ended) {
            to.onNext(answer);
        }
    }

    /** Ends the watch, unless it is over. */
    void end(ServiceError error) {
        synchronized (this) {
            if (!ended) {
                ended = true;
                to.onError(GrpcErrors.of(error));
            }
        }
        giveBack();
    }

    /** What gives back something that is held for the watch; done at once when it is over. */
    void holds(Runnable back) {
        boolean over;
        synchronized (this) {
            held.add(back);
            over = ended;
        }
        if (over) {
            giveBack();
        }
    }

    /** Not in the lock: what is held has locks of its own, in which it sends. */
    private void giveBack() {
        List<Runnable> all;
        synchronized (this) {
            all = List.copyOf(held);
            held.clear();
        }
        all.forEach(Runnable::run);
    }
}
