package io.agentpassport.server.crash;

import io.agentpassport.server.audit.AuditRows;
import io.agentpassport.server.gateway.approval.ApprovalRows;
import io.agentpassport.server.gateway.budget.BudgetRows;
import io.agentpassport.server.gateway.call.CallRows;
import io.agentpassport.server.gateway.call.Tools;
import io.agentpassport.server.gateway.grant.GrantRows;
import io.agentpassport.server.gateway.limit.LimitRows;
import io.agentpassport.server.issuance.IssuanceRows;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.trust.TrustRows;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A guard of the service that is taken away, to see that what it guards against is found. */
enum Protection {
    /** All guards are in place. */
    NONE,
    /** Nobody is answered before it is on disk: the last commits are answered, and written later. */
    WRITTEN_BEFORE_ANSWERED,
    /** Counters are on disk. */
    KEPT_COUNTERS,
    /** What a budget spent is on disk. */
    KEPT_MONEY,
    /** Used request ids are on disk. */
    KEPT_REQUEST_IDS,
    /** A decision runs its tool once. */
    ONE_RUN,
    /** That a join token was used is on disk. */
    KEPT_TOKENS,
    /** Revocations are on disk. */
    KEPT_REVOCATIONS,
    /** That an approval was used, and for which request, is on disk. */
    KEPT_APPROVALS,
    /** All entries of the log are on disk. */
    KEPT_LOG,
    /** Policies, grants and budget sessions that were made are on disk. */
    KEPT_GRANTS,
    /** The anchor, which tells of a database that was cut. */
    ANCHOR;

    static Protection fromText(String text) {
        return text.equals("-") ? NONE : valueOf(text);
    }

    String text() {
        return this == NONE ? "-" : name();
    }

    /** A store without this guard. */
    PartitionStore store(PartitionStore store) {
        return switch (this) {
            case NONE, ONE_RUN, ANCHOR -> store;
            case WRITTEN_BEFORE_ANSWERED -> new LateStore(store);
            case KEPT_COUNTERS -> new ForgetfulStore(store, ids(LimitRows.ALL, "counters"), Set.of());
            case KEPT_MONEY -> new ForgetfulStore(store, Set.of(), ids(BudgetRows.ALL, "budget_accounts"));
            case KEPT_REQUEST_IDS -> new ForgetfulStore(store,
                    ids(CallRows.ALL, "tool_calls", "tool_call_answers", "open_tool_calls"), Set.of());
            case KEPT_TOKENS -> new ForgetfulStore(store, Set.of(), ids(IssuanceRows.ALL, "join_tokens"));
            case KEPT_REVOCATIONS -> new ForgetfulStore(store, Stream.concat(
                    ids(GrantRows.ALL, "grant_revocations").stream(),
                    ids(TrustRows.ALL, "revoked_certificates").stream()).collect(Collectors.toSet()), Set.of());
            case KEPT_APPROVALS -> new ForgetfulStore(store, ids(CallRows.ALL, "tool_calls", "tool_call_answers",
                    "open_tool_calls"), Set.of(), ids(ApprovalRows.ALL, "approvals"), "\"stage\":\"used\"");
            case KEPT_LOG -> new ForgetfulStore(store, Set.of(), Set.of(), ids(AuditRows.ALL, "log_entries"),
                    "\"kind\":\"grant_created\"");
            case KEPT_GRANTS -> new ForgetfulStore(store, ids(GrantRows.ALL, "grants"), Set.of());
        };
    }

    /** Tools without this guard. */
    Tools tools(Tools tools) {
        return this == ONE_RUN ? new RepeatedTools(tools) : tools;
    }

    private static Set<Integer> ids(List<Keyspace<?, ?>> all, String... names) {
        Set<Integer> found = all.stream()
                .filter(keyspace -> List.of(names).contains(keyspace.name()))
                .map(Keyspace::id)
                .collect(Collectors.toSet());
        if (found.size() != names.length) {
            throw new AssertionError("no keyspaces " + List.of(names));
        }
        return found;
    }
}
