package io.agentpassport.server.crash;

import io.agentpassport.client.ToolGateway;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** After a restart: everything is asked again that has no answer, and much of what has one. */
final class Recovery {

    private static final int THREADS = 4;
    /** How many of the answered calls are asked again, the last ones: those that a crash could take. */
    private static final int ANSWERED = 120;
    /** How many calls more are tried in what is used up. */
    private static final int BEYOND = 2;

    private final World world;
    private final Clients clients;
    private final ToolGateway gateway;

    Recovery(World world, Clients clients, ToolGateway gateway) {
        this.world = world;
        this.clients = clients;
        this.gateway = gateway;
    }

    /**
     * Asks about what was asked in the last round.
     *
     * @param round
     *            those calls, lives, and so on
     */
    void ask(Round round) throws Exception {
        List<Call> again = new ArrayList<>();
        List<Call> answered = new ArrayList<>();
        for (Call call : round.calls()) {
            if (call.lot().kind() == Lot.Kind.APPROVAL && !(call.sent().answer() instanceof Answer.Ran)) {
                new Approvals(world, clients, gateway).finish(call);
            } else if (call.sent().isOpen()) {
                again.add(call);
            } else if (call.sent().wasTried()) {
                answered.add(call);
            }
        }
        answered.sort(Comparator.comparingLong(Recovery::endOf));
        again.addAll(answered.subList(Math.max(0, answered.size() - ANSWERED), answered.size()));
        for (Bounded<?> bounded : round.bounded()) {
            Lot lot = bounded.lot();
            // As many as it lets through in all, and more, unless it is over: some of them ran before.
            int tries = lot == null || bounded.revoked().wasTried() ? BEYOND : lot.most() + BEYOND;
            for (int i = 0; lot != null && i < tries; i++) {
                Call more = lot.kind() == Lot.Kind.TOTAL
                        ? world.granted().call(lot, lot.id())
                        : world.spending().call(lot, null);
                world.history().calls().add(more);
                again.add(more);
            }
        }
        for (Life life : round.lives()) {
            // What was revoked must not run, and what was not still does.
            if (life.isGrown()) {
                again.add(life.call());
            }
        }
        sendAll(again);
    }

    private static long endOf(Call call) {
        return Objects.requireNonNull(call.sent().told().getLast()).endedAt();
    }

    private void sendAll(Collection<Call> calls) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            calls.forEach(call -> all.add(threads.submit(() -> call.send(gateway, world.log()))));
            for (Future<?> each : all) {
                each.get();
            }
        }
    }
}
