package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.gateway.budget.BudgetChange.Carve;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the tree of sessions that somebody asked for. What was done is in the log, as {@code budget_created},
 * {@code budget_carved}, {@code budget_added}, {@code budget_extended} or {@code budget_ended}.
 */
public final class BudgetCommand implements Command<BudgetOutcome> {

    private final BudgetChange change;
    private final String asker;
    private final @Nullable String request;
    private final String digest;

    private BudgetCommand(BudgetChange change, String asker, @Nullable String request) {
        this.change = change;
        this.asker = asker;
        this.request = request;
        this.digest = Digest.sha256Text(Jcs.bytes(change.json()));
    }

    /**
     * Each time it is asked for, it is done.
     *
     * @param asker
     *            who asks, for the log
     */
    public static BudgetCommand of(BudgetChange change, String asker) {
        return new BudgetCommand(change, asker, null);
    }

    /**
     * A change that is done once. Asked for again within {@link BudgetLimits#REQUEST_MEMORY}, the answer is the session as it
     * is by then; another change under the same id is refused as {@link BudgetRefusal#ID_REUSED}. A request that was refused
     * may be asked again.
     *
     * @param asker
     *            who asks, for the log: the request ids of one are not those of another
     * @param requestId
     *            chosen by them
     */
    public static BudgetCommand once(BudgetChange change, String asker, String requestId) {
        byte[] key = Digest.sha256(Jcs.bytes(JsonArray.ofStrings(List.of(asker, requestId))));
        return new BudgetCommand(change, asker, HexText.encode(key));
    }

    @Override
    public void prefetch(RowReader rows) {
        if (request != null) {
            rows.load(BudgetRows.REQUESTS, request);
        }
        AuditLog.prefetch(rows);
        BudgetSessions.prefetch(rows, change.id());
        if (change instanceof Carve carve) {
            BudgetSessions.prefetch(rows, carve.parent());
        }
    }

    @Override
    public BudgetOutcome decide(Rows rows) {
        BudgetRows.Answered before = request == null ? null : rows.get(BudgetRows.REQUESTS, request);
        if (before != null) {
            BudgetSnapshot session = before.digest().equals(digest)
                    ? BudgetSessions.find(rows, before.session())
                    : null;
            return session == null
                    ? new BudgetOutcome.Refused(BudgetRefusal.ID_REUSED)
                    : new BudgetOutcome.Done(session);
        }
        BudgetOutcome outcome = BudgetTree.apply(rows, change);
        if (outcome instanceof BudgetOutcome.Done done) {
            AuditLog.append(rows, entry(done.session()));
            if (request != null) {
                rows.put(BudgetRows.REQUESTS, request, new BudgetRows.Answered(digest, change.id()),
                        rows.now().plus(BudgetLimits.REQUEST_MEMORY));
            }
        }
        return outcome;
    }

    private EntryDraft entry(BudgetSnapshot session) {
        JsonObject.Builder members = JsonObject.builder();
        if (session.agent() != null) {
            members.put(EntryDraft.AGENT_ID, session.agent().binding())
                    .put("issuer_domain", session.agent().issuerDomain());
        }
        return EntryDraft.open(switch (change) {
            case BudgetChange.Create create -> "budget_created";
            case Carve carve -> "budget_carved";
            case BudgetChange.Add add -> "budget_added";
            case BudgetChange.Extend extend -> "budget_extended";
            case BudgetChange.End end -> "budget_ended";
        }, members.put("budget_session_id", session.id().text())
                .put("by", asker)
                .put("asked", change.json())
                .put("total", session.total().text())
                .put("status", session.status().text())
                .build());
    }
}
