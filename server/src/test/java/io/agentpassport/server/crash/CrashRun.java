package io.agentpassport.server.crash;

import io.agentpassport.client.AuditLog;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.PassportException.Reason;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.server.crash.Finding.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** Rounds on one service that starts again and again: load, an end at some moment, a new start, and a check of everything. */
final class CrashRun {

    /** The longest that a round waits for a process to end by itself. */
    private static final int LONGEST_MILLIS = 2_500;
    private static final int KILLED_WITHIN_MILLIS = 1_200;
    private static final int NTH = 40;
    private static final int NTH_WHILE_STARTING = 6;
    private static final Set<Reason> KNOWS_NOT = EnumSet.of(Reason.REFUSED, Reason.NOT_AUTHENTICATED);

    private final Service.Launcher launcher;
    private final Path folder;
    private final RandomGenerator random;
    private final boolean planned;
    private final Figures figures;
    private final Between between;

    /** What happens to the folder of a service that has ended. */
    interface Between {

        void ended() throws Exception;
    }

    private CrashRun(Service.Launcher launcher, Path folder, long seed, boolean planned, Figures figures,
            Between between) {
        this.launcher = launcher;
        this.folder = folder;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.planned = planned;
        this.figures = figures;
        this.between = between;
    }

    /** Where runs of tools are written down in a folder. */
    static RunFile runs(Path folder) {
        return new RunFile(folder.resolve("runs"));
    }

    /** Of a process that may also end itself. */
    static CrashRun ofProcess(Service.Launcher launcher, Path folder, long seed, Figures figures) {
        return new CrashRun(launcher, folder, seed, true, figures, () -> {});
    }

    /** Of a service that is only ended from outside. */
    static CrashRun killed(Service.Launcher launcher, Path folder, long seed, Figures figures, Between between) {
        return new CrashRun(launcher, folder, seed, false, figures, between);
    }

    /**
     * Plays.
     *
     * @return what should not be; the first round that finds anything is the last
     */
    List<Finding> play(int rounds) throws Exception {
        Files.createDirectories(folder);
        CrashPlan plan = plan(false);
        Service service = started(plan);
        Clients clients = Clients.of(service);
        try {
            var world = World.begin(folder, runs(folder), clients);
            ToolGateway gateway = world.gateway(clients);
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < rounds && findings.isEmpty(); i++) {
                Round.Start start = Round.start(world.history());
                Load load = Load.on(world, clients, gateway, random.nextLong());
                try {
                    end(service, plan);
                    between.ended();
                    plan = plan(true);
                    // While the clients find out that the one before is gone.
                    load.end();
                    service = restarted(plan);
                    load.stop();
                    clients.close();
                    clients = Clients.of(service);
                    gateway = world.gateway(clients);
                    Round round = Round.since(start, world.history());
                    findings.addAll(check(world, round, clients, gateway));
                    findings.addAll(KnownCalls.of(round.calls(), service));
                } catch (PassportException e) {
                    // It is there, and does not know who is: the session was acknowledged.
                    findings.add(new Finding(KNOWS_NOT.contains(e.reason()) ? Kind.LOST : Kind.NOT_SERVING,
                            String.valueOf(e)));
                } catch (RuntimeException | AssertionError e) {
                    findings.add(new Finding(Kind.NOT_SERVING, String.valueOf(e)));
                } finally {
                    load.stop();
                }
                figures.round();
            }
            service.stop();
            StoppedCheck.Result stopped = StoppedCheck.of(world, service.data(), clients.logKey());
            findings.addAll(stopped.findings());
            figures.history(world, stopped.entries());
            figures.faults(findings.size());
            return findings;
        } finally {
            service.close();
            clients.close();
        }
    }

    /** Half of the processes end by themselves; of these, some while they start. */
    private CrashPlan plan(boolean restart) {
        if (!planned || random.nextBoolean()) {
            return CrashPlan.NEVER;
        }
        CrashPoint[] points = CrashPoint.values();
        if (restart && random.nextInt(4) == 0) {
            // Tools do not run before it serves.
            return CrashPlan.whileStarting(points[random.nextInt(3)], random.nextInt(1, NTH_WHILE_STARTING));
        }
        return CrashPlan.at(points[random.nextInt(points.length)], random.nextInt(1, NTH));
    }

    private void end(Service service, CrashPlan plan) throws InterruptedException {
        int millis = random.nextInt(50, KILLED_WITHIN_MILLIS);
        service.arm();
        if (service.awaitEnd(plan.isPlanned() ? LONGEST_MILLIS : millis)) {
            figures.end(plan.name());
        } else {
            service.kill();
            figures.end(CrashPlan.NEVER.name());
        }
    }

    private Service restarted(CrashPlan plan) throws Exception {
        long before = System.nanoTime();
        Service service = launcher.start(plan);
        if (service == null) {
            figures.end(plan.name());
            before = System.nanoTime();
            service = started(CrashPlan.NEVER);
        }
        figures.restart((System.nanoTime() - before) / 1_000_000);
        return service;
    }

    private Service started(CrashPlan plan) throws Exception {
        Service service = launcher.start(plan);
        if (service == null) {
            throw new AssertionError("it ended before it served, which was not planned");
        }
        return service;
    }

    /** Asks again, and holds the answers against all that was said before. */
    private static List<Finding> check(World world, Round round, Clients clients, ToolGateway gateway)
            throws Exception {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(goesOn(world.log(), "0001", clients));
        findings.addAll(goesOn(world.serviceLog(), "0000", clients));
        new Recovery(world, clients, gateway).ask(round);
        findings.addAll(KeptCheck.of(round, clients));
        // All calls of the history: a window may have begun in the round before.
        List<Call> calls = world.history().allCalls();
        var revocations = new RevocationCheck(Round.whole(world.history()));
        findings.addAll(CallCheck.of(calls, world.runs().all(), revocations::mayBeRevoked));
        findings.addAll(revocations.findings(calls));
        findings.addAll(BooksCheck.of(round.budgets(), calls, clients));
        return findings;
    }

    /** The newest checkpoint goes on from the largest that anybody saw. */
    private static List<Finding> goesOn(SeenLog seen, String partition, Clients clients) {
        AuditLog log = clients.admin().auditLog(clients.logKey(), partition);
        @Nullable
        String newest = seen.newest();
        try {
            seen.checkpoint((newest == null ? log : log.since(newest)).checkpoint().note());
            return List.of();
        } catch (PassportException e) {
            return List.of(new Finding(Kind.LOG_BROKEN, "log " + partition + ": " + e.getMessage()));
        }
    }
}
