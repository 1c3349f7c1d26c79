package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.grant.GrantRows.Holder;
import io.agentpassport.server.gateway.grant.GrantRows.Requested;
import io.agentpassport.server.gateway.grant.Grants.MakeOutcome;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.ListPlace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a grant: a root, or one below another. A request that was answered is answered again.
 *
 * @param id
 *            drawn before
 * @param parent
 *            the grant that it is to hang on, null for a root
 * @param by
 *            {@link GrantAuthor} as text
 * @param delegator
 *            the agent whose grant the parent must be; null when an admin asks
 * @param random
 *            26 bytes: for the budget's id and the log's salt
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record NewGrant(GrantId id, Identity subject, GrantTerms terms, @Nullable GrantId parent, String by,
        @Nullable Identity delegator, String requestId, byte[] random, GatewayLog log)
        implements
            Command<MakeOutcome> {

    static final int RANDOM_BYTES = 26;

    @Override
    public void prefetch(RowReader rows) {
        log.prefetch(rows);
        rows.load(GrantRows.REQUESTS, request());
        rows.load(GrantRows.HELD, subject.hashText());
        if (parent != null) {
            rows.load(GrantRows.GRANTS, parent);
            rows.load(GrantRows.REVOCATIONS, parent);
            rows.load(GrantRows.CHILDREN, parent);
        }
    }

    @Override
    public MakeOutcome decide(Rows rows) {
        String digest = digest();
        Requested before = rows.get(GrantRows.REQUESTS, request());
        if (before != null) {
            return before.digest().equals(digest) ? again(rows, before.grant()) : new Grants.RequestReused();
        }
        Grant above = parent == null ? null : rows.get(GrantRows.GRANTS, parent);
        MakeOutcome refusal = parent == null ? root(rows) : below(rows, above);
        return refusal != null ? refusal : make(rows, above, digest);
    }

    private @Nullable MakeOutcome root(Rows rows) {
        GrantTerms.Fault fault = terms.fault(rows.now());
        if (fault == null && terms.policy() == null) {
            fault = new GrantTerms.Fault("policy_id", "must name a policy, since no grant above has one");
        }
        return fault == null ? null : new Grants.Unacceptable(fault);
    }

    private @Nullable MakeOutcome below(Rows rows, @Nullable Grant above) {
        if (above == null || (delegator != null && !delegator.equals(above.subject()))) {
            return new Grants.ParentUnknown();
        }
        GrantStatus.State state = GrantCheck.status(rows, above).state();
        if (state != GrantStatus.State.ACTIVE) {
            return new Grants.ParentOver(state);
        }
        GrantTerms.Fault fault = terms.fault(rows.now());
        if (fault != null) {
            return new Grants.Unacceptable(fault);
        }
        GrantTerms.Fault wider = terms.wider(above.terms());
        wider = wider == null && terms.budget() != null ? uncarvable(rows, above.charges()) : wider;
        return wider == null ? null : new Grants.Wider(wider);
    }

    /** Why nothing can be carved out of that budget, which calls under the grant above are charged to; or null. */
    private GrantTerms.@Nullable Fault uncarvable(Rows rows, @Nullable BudgetSessionId charged) {
        if (charged == null) {
            // There is nothing to carve it out of, and only an operator makes money.
            return new GrantTerms.Fault("budget", "must be absent, since no grant above has one");
        }
        // Whoever may spend of a budget that it shares may not take it away from the others.
        return delegator == null || GrantBudgets.isOf(rows, charged, delegator) ? null
                : new GrantTerms.Fault("budget", "must be absent, since the budget above is another agent's");
    }

    private MakeOutcome make(Rows rows, @Nullable Grant above, String digest) {
        String holder = subject.hashText();
        HeldGrants held = GrantRows.held(rows, holder);
        List<GrantId> chain = new ArrayList<>();
        if (above != null) {
            chain.addAll(above.above());
            chain.add(above.id());
        }
        Instant now = rows.now();
        BudgetSessionId charged = above == null ? null : above.charges();
        Grant draft = new Grant(id, subject, chain, terms, null, charged, now, by);
        HeldGrants more = held.with(draft, now, other -> rows.get(GrantRows.REVOCATIONS, other) != null);
        if (more == null) {
            return new Grants.TooMany();
        }
        ChildGrants siblings = above == null ? null
                : GrantRows.children(rows, above.id()).with(terms.expiresAt(), now);
        if (above != null && siblings == null) {
            return new Grants.TooManyBelow(ChildGrants.MAX);
        }
        Money budget = terms.budget();
        Grant grant = draft;
        if (budget != null) {
            byte[] forId = Arrays.copyOf(random, 10);
            switch (GrantBudgets.fund(rows, subject, id, budget, terms.expiresAt(), forId, charged)) {
                case GrantBudgets.Refused refused -> {
                    return new Grants.Unfunded(refused.reason(), charged);
                }
                case GrantBudgets.Funded funded -> grant = new Grant(id, subject, chain, terms, funded.session(),
                        funded.session(), now, by);
            }
        }
        store(rows, grant, holder, more, digest);
        if (above != null && siblings != null) {
            rows.put(GrantRows.CHILDREN, above.id(), siblings, above.keptUntil());
        }
        return new Grants.Made(new GrantStatus(grant, GrantStatus.State.ACTIVE, null));
    }

    private void store(Rows rows, Grant grant, String holder, HeldGrants held, String digest) {
        Instant until = grant.keptUntil();
        rows.put(GrantRows.GRANTS, id, grant, until);
        rows.put(GrantRows.HELD, holder, held);
        rows.put(GrantRows.REQUESTS, request(), new Requested(digest, id), until);
        long at = grant.createdAt().toEpochMilli();
        Holder value = new Holder(subject);
        rows.put(GrantRows.LISTS, new ListPlace<>(ListPlace.ALL_OF_THEM, at, id), value, until);
        rows.put(GrantRows.LISTS, new ListPlace<>(holder, at, id), value, until);
        if (parent != null) {
            rows.put(GrantRows.LISTS, new ListPlace<>(GrantRows.listBelow(parent), at, id), value, until);
        }
        log.append(rows, parent == null ? "grant_created" : "grant_delegated", JsonObject.builder()
                .put(EntryDraft.AGENT_ID, subject.binding())
                .put("issuer_domain", subject.issuerDomain())
                .put("grant", grant.json())
                .put("request_id", requestId)
                .build(), JsonObject.EMPTY, Arrays.copyOfRange(random, 10, RANDOM_BYTES));
    }

    private MakeOutcome again(Rows rows, GrantId made) {
        Grant grant = rows.get(GrantRows.GRANTS, made);
        if (grant == null) {
            return new Grants.RequestReused();
        }
        return new Grants.Made(GrantCheck.status(rows, grant));
    }

    /** Two callers may choose one request id. */
    private String request() {
        return by + " " + requestId;
    }

    private String digest() {
        return Digest.sha256Text(Jcs.bytes(JsonObject.builder()
                .put("domain", subject.issuerDomain())
                .put("binding", subject.binding())
                .put("parent", parent == null ? null : parent.text())
                .put("terms", terms.json())
                .build()));
    }
}
