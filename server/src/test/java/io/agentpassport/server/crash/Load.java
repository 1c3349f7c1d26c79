package io.agentpassport.server.crash;

import io.agentpassport.client.ToolGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Clients of all kinds that ask at once, until they are told to stop. */
final class Load {

    private static final int CALLERS = 4;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    private Load() {}

    /** Begins. */
    static Load on(World world, Clients clients, ToolGateway gateway, long seed) {
        var load = new Load();
        var lots = new Lots(world, clients);
        load.run(lots::next);
        load.run(new Approvals(world, clients, gateway)::next);
        load.run(() -> {
            int number = world.next();
            var life = new Life("agent:life-" + number, number % 2 == 0);
            world.history().lives().add(life);
            life.live(clients, gateway, world.log());
        });
        for (int i = 0; i < CALLERS; i++) {
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed + i);
            load.run(new Caller(world, lots, gateway, random)::next);
        }
        return load;
    }

    private void run(Runnable step) {
        running.add(threads.submit(() -> {
            while (!stopped.get()) {
                step.run();
            }
        }));
    }

    /** Nobody begins anything more. */
    void end() {
        stopped.set(true);
    }

    /** Returns when nobody asks any more; throws what a client did not expect. */
    void stop() throws Exception {
        end();
        threads.shutdown();
        if (!threads.awaitTermination(120, TimeUnit.SECONDS)) {
            throw new AssertionError("a client does not end");
        }
        for (Future<?> each : running) {
            each.get();
        }
    }
}
