package io.agentpassport.server.crash;

import io.agentpassport.client.ToolGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Calls tools: in each window, under the newest grant, and out of the newest budget; and the same calls again. */
final class Caller {

    private static final int REMEMBERED = 32;

    private final World world;
    private final Lots lots;
    private final ToolGateway gateway;
    private final RandomGenerator random;
    private final List<Call> recent = new ArrayList<>();

    Caller(World world, Lots lots, ToolGateway gateway, RandomGenerator random) {
        this.world = world;
        this.lots = lots;
        this.gateway = gateway;
        this.random = random;
    }

    /** One call. */
    void next() {
        Call call = random.nextInt(8) == 0 && !recent.isEmpty()
                ? recent.get(random.nextInt(recent.size()))
                : fresh();
        if (random.nextInt(16) == 0) {
            // The same bytes at once, on another thread.
            Thread other = Thread.startVirtualThread(() -> call.send(gateway, world.log()));
            call.send(gateway, world.log());
            join(other);
        } else {
            call.send(gateway, world.log());
        }
        lots.used();
    }

    private Call fresh() {
        Call call = switch (random.nextInt(4)) {
            case 0 -> of(world.granted(), lots.grant());
            case 1 -> of(world.spending(), lots.budget());
            default -> null;
        };
        if (call == null) {
            call = world.windowed()
                    .call(new Lot(Lot.Kind.WINDOW, world.windowed().binding(), World.MOST_IN_A_WINDOW), null);
        }
        world.history().calls().add(call);
        recent.add(call);
        if (recent.size() > REMEMBERED) {
            recent.remove(0);
        }
        return call;
    }

    private static @Nullable Call of(Agent agent, @Nullable Lot lot) {
        return lot == null ? null : agent.call(lot, lot.kind() == Lot.Kind.TOTAL ? lot.id() : null);
    }

    private static void join(Thread other) {
        try {
            other.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
