package io.agentpassport.server.crash;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.GrantDraft;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PolicySource;
import io.agentpassport.client.Subject;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** One service over many starts: its agents, what bounds them, what they were told, and what their tools did. */
final class World {

    /** A policy that bounds nothing. */
    static final String PLAIN = "plain";
    static final int MOST_IN_A_WINDOW = 150;
    static final int MOST_UNDER_A_GRANT = 20;
    static final int MOST_OF_A_BUDGET = 20;
    static final String BUDGET = "6";
    static final String PRICE = "0.3";

    private static final String PLAIN_POLICY = """
            {"version":"1","tools":{"builtin/echo":{}}}""";
    private static final String PRICED_POLICY = """
            {"version":"1","tools":{"builtin/echo":{"price":{"amount":"%s","currency":"USD"}}}}""".formatted(PRICE);
    private static final String WINDOWED_POLICY = """
            {"version":"1","tools":{\
            "builtin/echo":{"limits":[{"counter":"calls","window":"5s","max":%d,"scope":"agent"}]},\
            "builtin/calculator":{"action":"require_approval","reason":"sums are serious"}}}"""
            .formatted(MOST_IN_A_WINDOW);

    private final Path folder;
    private final RunFile runs;
    private final History history = new History();
    private final SeenLog log;
    private final SeenLog serviceLog;
    private final Agent windowed;
    private final Agent granted;
    private final Agent spending;
    private final String purse;
    private final AtomicInteger number = new AtomicInteger();

    private World(Path folder, RunFile runs, Clients clients) {
        this.folder = folder;
        this.runs = runs;
        this.log = new SeenLog(clients.logKey(), "0001");
        this.serviceLog = new SeenLog(clients.logKey(), "0000");
        var policies = clients.admin().policies();
        policies.put(PLAIN, new PolicySource.Written(PLAIN_POLICY), 0, "");
        policies.put("priced", new PolicySource.Written(PRICED_POLICY), 0, "");
        policies.put("windowed", new PolicySource.Written(WINDOWED_POLICY), 0, "");
        windowed = agent(clients, "windowed");
        granted = agent(clients, "granted");
        spending = agent(clients, "spending");
        clients.admin().grants().create(to(windowed).policy("windowed"));
        purse = Objects.requireNonNull(clients.admin()
                .grants()
                .create(to(spending).policy("priced").budget(money("10000")))
                .budgetSessionId());
    }

    /**
     * Makes its agents at a service that is new.
     *
     * @param folder
     *            for files of the clients
     */
    static World begin(Path folder, RunFile runs, Clients clients) {
        return new World(folder, runs, clients);
    }

    private Agent agent(Clients clients, String name) {
        String binding = "agent:" + name;
        JoinToken token = clients.admin()
                .certificates()
                .createJoinToken(Role.AGENT, binding, null, EnrolmentTerms.of("somebody"), null);
        AgentIdentity identity = clients.anyone()
                .certificates()
                .enrol(token, AgentKey.generate(TestServer.NONCES), Subject.agent(binding, binding));
        AuthenticatedSession session = Handshake.with(clients.anyone(), identity).run();
        session.save(sessionFile(name));
        return new Agent(name, session);
    }

    private Path sessionFile(String name) {
        return folder.resolve(name + ".session");
    }

    /** What sends all calls, by whomever they were signed. */
    ToolGateway gateway(Clients clients) {
        return clients.gateway(windowed.identity(), sessionFile("windowed"));
    }

    static GrantDraft to(Agent agent) {
        return GrantDraft.to(new Identity("localhost", agent.binding()), Instant.now().plus(Duration.ofHours(8)))
                .tools("builtin/*");
    }

    static Money money(String amount) {
        return new Money(Objects.requireNonNull(Decimal.fromText(amount)), "USD");
    }

    /** A number that nobody was given before. */
    int next() {
        return number.incrementAndGet();
    }

    RunFile runs() {
        return runs;
    }

    History history() {
        return history;
    }

    /** What was shown of the log of the agents. */
    SeenLog log() {
        return log;
    }

    /** What was shown of the log of the service itself. */
    SeenLog serviceLog() {
        return serviceLog;
    }

    Agent windowed() {
        return windowed;
    }

    Agent granted() {
        return granted;
    }

    Agent spending() {
        return spending;
    }

    /** The budget out of which all budgets of {@link #spending} are carved. */
    String purse() {
        return purse;
    }
}
