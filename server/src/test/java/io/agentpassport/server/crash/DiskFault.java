package io.agentpassport.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.core.certificate.Role;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A service whose disk fails, and the one client that asks it. From the first answer that does not come, no success is
 * answered until the database was opened anew; health says so; what was answered before is kept.
 */
final class DiskFault {

    /** More than can be written before the disk fails. */
    private static final int MOST_BEFORE = 400;
    /** How often is asked while it fails. */
    private static final int WHILE_FAILING = 2;
    /** For how long clients try again while it fails. */
    static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int AFTERWARDS = 5;
    private static final long PATIENCE_SECONDS = 120;

    private final World world;
    private final List<Operation<JoinToken>> tokens = new ArrayList<>();

    DiskFault(World world) {
        this.world = world;
    }

    /** Calls until there is no answer, and sees to it that there is none afterwards. */
    void fails(Service service, Clients clients, ToolGateway gateway) throws InterruptedException {
        ManagedChannel channel = Clients.channel(service);
        try {
            BlockingQueue<ServingStatus> health = healthOf(channel);
            assertThat(health.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(ServingStatus.SERVING);
            // An answer that only takes long is no failure of the disk: health says which it is.
            for (int asked = 0; call(gateway) instanceof Told.Acknowledged
                    || health.poll(1, TimeUnit.SECONDS) != ServingStatus.NOT_SERVING; asked++) {
                assertThat(asked).as("calls before health says that the disk fails").isLessThan(MOST_BEFORE);
            }
            for (int i = 0; i < WHILE_FAILING; i++) {
                assertThat(call(gateway)).as("a call while the disk fails").isNotInstanceOf(Told.Acknowledged.class);
                assertThat(token(clients)).as("a token while the disk fails").isNotInstanceOf(Told.Acknowledged.class);
            }
        } finally {
            channel.shutdownNow().awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** With the disk in order, everything is answered again, as it was before, and nothing that was answered is lost. */
    void mended(Service service, Clients clients, ToolGateway gateway) throws Exception {
        awaitServing(service);
        for (Call call : world.history().calls()) {
            assertThat(call.send(gateway, world.log())).isInstanceOf(Told.Acknowledged.class);
        }
        for (int i = 0; i < AFTERWARDS; i++) {
            assertThat(call(gateway)).isInstanceOf(Told.Acknowledged.class);
            assertThat(token(clients)).isInstanceOf(Told.Acknowledged.class);
        }
        List<Call> calls = world.history().allCalls();
        assertThat(Finding.text(CallCheck.of(calls, world.runs().all(), call -> false))).isEmpty();
        assertThat(Finding.text(KnownCalls.of(calls, service))).isEmpty();
        service.stop();
        assertThat(Finding.text(StoppedCheck.of(world, service.data(), clients.logKey()).findings())).isEmpty();
    }

    private Told<Answer> call(ToolGateway gateway) {
        // Within no limit that could refuse it.
        Call call = world.spending()
                .call(new Lot(Lot.Kind.BUDGET, world.purse(), MOST_BEFORE * 2), null);
        world.history().calls().add(call);
        return call.send(gateway, world.log());
    }

    private Told<JoinToken> token(Clients clients) {
        var token = new Operation<JoinToken>("token");
        tokens.add(token);
        return token.ask(() -> clients.admin()
                .certificates()
                .createJoinToken(Role.AGENT, "agent:new-" + tokens.size(), null, EnrolmentTerms.of("somebody"), null));
    }

    private static void awaitServing(Service service) throws InterruptedException {
        ManagedChannel channel = Clients.channel(service);
        try {
            BlockingQueue<ServingStatus> health = healthOf(channel);
            while (health.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) != ServingStatus.SERVING) {
                assertThat(channel.isShutdown()).isFalse();
            }
        } finally {
            channel.shutdownNow().awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** What health says, one change after the other; the first is how it is now. */
    private static BlockingQueue<ServingStatus> healthOf(ManagedChannel channel) {
        BlockingQueue<ServingStatus> told = new LinkedBlockingQueue<>();
        HealthGrpc.newStub(channel).watch(HealthCheckRequest.getDefaultInstance(), new StreamObserver<>() {
            @Override
            public void onNext(HealthCheckResponse response) {
                told.add(response.getStatus());
            }

            @Override
            public void onError(Throwable cause) {
                // Nothing more is told.
            }

            @Override
            public void onCompleted() {
                // Nothing more is told.
            }
        });
        return told;
    }
}
