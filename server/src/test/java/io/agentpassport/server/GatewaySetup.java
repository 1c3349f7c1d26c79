package io.agentpassport.server;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.approval.ApprovalId;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.server.gateway.approval.SignedVote;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.budget.LedgerEntry;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantTerms;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.policy.Policies;
import io.agentpassport.server.policy.PolicyFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What people set up before agents call, done in the service itself: policies, grants, answers to approvals. */
public final class GatewaySetup {

    private static final AtomicInteger REQUESTS = new AtomicInteger();

    private final PassportServer server;
    private final InstantSource clock;

    GatewaySetup(PassportServer server, InstantSource clock) {
        this.server = server;
        this.clock = clock;
    }

    public Grants grants() {
        return server.gateway().grants();
    }

    public Approvals approvals() {
        return server.gateway().approvals();
    }

    /** Puts a version of a policy, and answers its name, {@code ID@VERSION}. */
    public String policy(String id, String text) {
        Policies.Outcome outcome = server.policies()
                .put(new Policies.Draft("put-" + REQUESTS.incrementAndGet(), id, text, PolicyFormat.of(text), "ada", "",
                        0))
                .join();
        if (outcome instanceof Policies.InForce inForce) {
            return inForce.version().ref().text();
        }
        throw new AssertionError(outcome);
    }

    /** Terms that last for an hour and may be delegated twice. */
    public GrantTerms terms(@Nullable String policy, @Nullable String budget, String... tools) {
        return terms(policy, budget, clock.instant().plus(Duration.ofHours(1)), tools);
    }

    public GrantTerms terms(@Nullable String policy, @Nullable String budget, Instant expiresAt, String... tools) {
        Decimal amount = Decimal.fromText(budget);
        List<io.agentpassport.server.gateway.grant.ToolPattern> patterns = GrantTerms.patterns(List.of(tools));
        if (patterns == null) {
            throw new AssertionError("no patterns");
        }
        return new GrantTerms(patterns, List.of(), policy, JsonArray.EMPTY,
                amount == null ? null : new Money(amount, "USD"),
                Instant.ofEpochMilli(expiresAt.toEpochMilli()), 2, true);
    }

    /** Gives an agent a grant. */
    public Grant grant(String binding, GrantTerms terms) {
        return made(grants().create(agent(binding), terms, "grant-" + REQUESTS.incrementAndGet(), "ada").join());
    }

    /** Has one agent give another a part of what it was given. */
    public Grant delegate(Grant parent, String to, GrantTerms terms) {
        return made(grants().delegate(parent.id(), agent(to), terms, "grant-" + REQUESTS.incrementAndGet(),
                parent.subject(), "").join());
    }

    public void revoke(GrantId id) {
        if (grants().revoke(id, null, "ada", "", "revoke-" + REQUESTS.incrementAndGet()).join() == null) {
            throw new AssertionError("there is no " + id);
        }
    }

    /** An approval as it stands. */
    public Approval approval(String text) {
        ApprovalId id = ApprovalId.fromText(text);
        Approval asked = id == null ? null : approvals().get(id);
        if (asked == null) {
            throw new AssertionError("there is no " + text);
        }
        return asked;
    }

    /** Has a person answer an approval. */
    public Approvals.VoteOutcome vote(String approver, String approval, boolean approve) {
        Approval asked = approval(approval);
        return approvals().vote(new SignedVote(approver, asked.id(), approve, asked.request().digest(), clock.millis(),
                JsonObject.EMPTY, ""), "").join();
    }

    /** The whole ledger of a budget session. */
    public List<LedgerEntry> ledger(BudgetSessionId session) {
        List<LedgerEntry> all = new ArrayList<>();
        ListPage<LedgerEntry> page;
        do {
            page = server.gateway().budgets().ledger(session, all.size(), 100);
            all.addAll(page.rows());
        } while (!page.rows().isEmpty());
        return all;
    }

    public static Identity agent(String binding) {
        return new Identity("localhost", binding);
    }

    private static Grant made(Grants.MakeOutcome outcome) {
        if (outcome instanceof Grants.Made made) {
            return made.grant().grant();
        }
        throw new AssertionError(outcome);
    }
}
