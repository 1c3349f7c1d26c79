package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.core.toolcall.UnsignedToolCall;
import io.agentpassport.server.GatewayServices;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.audit.AuditRows;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantTerms;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.gateway.grant.ScopePattern;
import io.agentpassport.server.gateway.grant.ToolPattern;
import io.agentpassport.server.mutualauth.CallerSession;
import io.agentpassport.server.mutualauth.TestCallers;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.DrivenPartition;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.SimulatedStore;
import io.agentpassport.server.trust.TrustSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The whole engine on one thread: a partition that is driven, tools that are faked, a clock that is moved. */
@SuppressWarnings("NullAway.Init") // opened by the constructor
final class EngineWorld {

    static final String AUDIENCE = "passport://localhost";
    static final Instant START = TestCallers.START.plusSeconds(60);
    static final TestCallers CALLERS = callers();

    final SimulatedStore store = new SimulatedStore();
    final MutableClock clock = new MutableClock(START);
    final FakeTools tools = new FakeTools("read", "write", "pay");
    final TestPolicies policies = new TestPolicies();
    final NonceSource nonces = NonceSource.from(new Random(7));
    final List<Runnable> tasks = new ArrayList<>();
    final List<CallerSession> callers = new ArrayList<>();
    GatewayLimits limits = GatewayLimits.of(100, 200, 16, Duration.ofSeconds(30));
    long ticks;
    RowLog log = new RowLog();
    final CallBudgets budgets;
    Approvals approvals;
    TrustSnapshot trust = CALLERS.trusted();
    DrivenPartition driven;
    Grants grants;
    Gateway gateway;
    private int requests;
    private int lives;

    EngineWorld() {
        this(Gateway::new, new CallBudgets());
    }

    EngineWorld(Gateways gateways, CallBudgets budgets) {
        this.budgets = budgets;
        for (int i = 0; i < 3; i++) {
            callers.add(CALLERS.caller(i, () -> trust));
        }
        policies.put("open");
        open(gateways);
        submit(rows -> {
            for (int i = 0; i < 3; i++) {
                CALLERS.establish(rows, i);
            }
            return 0;
        });
    }

    /** How the gateway is made. */
    interface Gateways {
        Gateway make(GatewayContext context, GatewayLimits limits);
    }

    void open(Gateways gateways) {
        tasks.clear();
        List<Keyspace<?, ?>> all = keyspaces();
        all.addAll(RowLog.ALL);
        driven = new DrivenPartition(store, Keyspaces.of(all), PartitionLimits.DEFAULT, "world " + lives++, clock,
                () -> ticks, tasks::add);
        grants = new Grants(driven.partitions(), id -> policies.newest(id) != null, log, nonces);
        gateway = gateways.make(new GatewayContext(driven.partitions(), grants, tools, policies, budgets,
                EngineWorld::principal, log, nonces,
                tasks::add, (millis, task) -> tasks.add(task)), limits);
        approvals = new Approvals(driven.partitions(), log, nonces, tasks::add);
        driven.partition().start();
    }

    /** Those of callers, of the log and of the gateway. */
    static List<Keyspace<?, ?>> keyspaces() {
        List<Keyspace<?, ?>> all = new ArrayList<>(TestCallers.keyspaces());
        all.addAll(AuditRows.ALL);
        all.addAll(GatewayServices.keyspaces());
        return all;
    }

    private static TestCallers callers() {
        try {
            return TestCallers.make(Files.createTempDirectory("callers"), 3);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The service stops and starts again. */
    void reopen() {
        store.crash(false);
        open(Gateway::new);
    }

    Partition partition() {
        return driven.partition();
    }

    /** Everything that is to do is done. */
    void settle() {
        do {
            driven.turn();
            if (!tasks.isEmpty()) {
                tasks.removeFirst().run();
            }
        } while (!tasks.isEmpty());
        driven.turn();
        if (!tasks.isEmpty()) {
            settle();
        }
    }

    <T extends @Nullable Object> T get(CompletableFuture<T> future) {
        settle();
        if (!future.isDone()) {
            throw new AssertionError("not answered");
        }
        return future.join();
    }

    <T extends @Nullable Object> T submit(Command<T> command) {
        return get(partition().submit(command));
    }

    CallerSession caller(int agent) {
        return callers.get(agent);
    }

    /** Who answers for an agent: for agent:0 that is principal-of-agent:0. */
    static String principal(Identity agent) {
        return "principal-of-" + agent.binding();
    }

    static Identity identity(int agent) {
        return CALLERS.caller(agent, CALLERS::trusted).identity();
    }

    // --- grants --------------------------------------------------------------------------------------------------------

    static GrantTerms terms(@Nullable String policy, @Nullable String budget, int delegationDepth, String... tools) {
        Decimal amount = Decimal.fromText(budget);
        return new GrantTerms(patterns(tools), List.of(new ScopePattern("shop")), policy,
                JsonArray.EMPTY, amount == null ? null : new Money(amount, "USD"), START.plus(Duration.ofHours(10)),
                delegationDepth, false);
    }

    static List<ToolPattern> patterns(String... texts) {
        List<ToolPattern> patterns = GrantTerms.patterns(List.of(texts));
        if (patterns == null) {
            throw new AssertionError("no patterns");
        }
        return patterns;
    }

    GrantId grant(int agent, GrantTerms terms) {
        return made(get(grants.create(identity(agent), terms, "r" + requests++, "ada")));
    }

    GrantId delegate(GrantId parent, int from, int to, GrantTerms terms) {
        return made(get(grants.delegate(parent, identity(to), terms, "r" + requests++, identity(from), "")));
    }

    static GrantId made(Grants.MakeOutcome outcome) {
        if (outcome instanceof Grants.Made made) {
            return made.grant().grant().id();
        }
        throw new AssertionError("no grant: " + outcome);
    }

    // --- calls ---------------------------------------------------------------------------------------------------------

    /** A call in the making. */
    final class Asking {
        private final int agent;
        private String requestId = "c" + requests++;
        private String tool = "read";
        private @Nullable String grant;
        private @Nullable String scope;
        private @Nullable Money spend;
        private @Nullable String budget;
        private long issuedAt = clock.instant().toEpochMilli();
        private int variant;
        private @Nullable JsonObject params;

        Asking(int agent) {
            this.agent = agent;
        }

        Asking id(String id) {
            requestId = id;
            return this;
        }

        Asking tool(String name) {
            tool = name;
            return this;
        }

        Asking grant(GrantId id) {
            grant = id.text();
            return this;
        }

        Asking scope(String required) {
            scope = required;
            return this;
        }

        Asking spend(String amount) {
            Decimal decimal = Decimal.fromText(amount);
            spend = decimal == null ? null : new Money(decimal, "USD");
            return this;
        }

        Asking budget(String session) {
            budget = session;
            return this;
        }

        Instant issued() {
            return Instant.ofEpochMilli(issuedAt);
        }

        Asking issuedAt(Instant at) {
            issuedAt = at.toEpochMilli();
            return this;
        }

        Asking variant(int number) {
            variant = number;
            return this;
        }

        Asking params(JsonObject all) {
            params = all;
            return this;
        }

        IncomingCall incoming() {
            CallerSession caller = caller(agent);
            ToolName name = ToolName.fromText(tool);
            if (name == null) {
                throw new AssertionError(tool);
            }
            JsonObject statement = new UnsignedToolCall(requestId, caller.identity().binding(), caller.id(), AUDIENCE,
                    grant, name,
                    params != null ? params : JsonObject.builder().put("n", new JsonNumber(variant)).build(), scope,
                    spend, budget,
                    issuedAt, Nonce.of(new byte[16])).statement();
            if (ToolCall.fromStatement(statement) instanceof ToolCall.Parsed parsed) {
                return new IncomingCall(parsed.call(), Signature.of(new byte[64]), caller,
                        principal(caller.identity()));
            }
            throw new AssertionError("malformed: " + ToolCall.fromStatement(statement));
        }

        CallAnswer process() {
            return get(gateway.process(incoming()));
        }
    }

    Asking call(int agent) {
        return new Asking(agent);
    }

    /** What must be there. */
    static <T> T there(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("it is missing");
        }
        return value;
    }

    static DecisionCode code(CallAnswer answer) {
        return switch (answer) {
            case CallAnswer.Reported reported -> reported.report().code();
            case CallAnswer.RateLimited limited -> DecisionCode.RATE;
            case CallAnswer.Running running -> DecisionCode.REPLAY;
            case CallAnswer.Unavailable unavailable -> throw new AssertionError(unavailable);
        };
    }
}
