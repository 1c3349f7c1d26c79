package io.agentpassport.server.crash;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.server.PassportServer;
import io.agentpassport.server.config.DataFolder;

/** A service in the test's own process, which starts sooner: for what does not depend on how it ends. */
final class ServiceInTest implements Service {

    private final PassportServer server;
    private final DataFolder data;
    private volatile boolean gone;

    private ServiceInTest(PassportServer server, DataFolder data) {
        this.server = server;
        this.data = data;
    }

    static Launcher on(DataFolder data, RunFile runs, Protection off) {
        return plan -> {
            if (plan.isPlanned()) {
                throw new AssertionError("that would end the test");
            }
            return new ServiceInTest(CrashingServer.start(data, plan, runs, off), data);
        };
    }

    @Override
    public String address() {
        return "localhost:" + server.port();
    }

    @Override
    public PublicKey logKey() {
        return server.logKey();
    }

    @Override
    public DataFolder data() {
        return data;
    }

    @Override
    public void arm() {
        // Nothing is planned.
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public boolean awaitEnd(long millis) throws InterruptedException {
        Thread.sleep(gone ? 0 : millis);
        return gone;
    }

    @Override
    public void kill() {
        close();
    }

    @Override
    public void stop() {
        close();
    }

    @Override
    public void close() {
        if (!gone) {
            gone = true;
            server.close();
        }
    }
}
