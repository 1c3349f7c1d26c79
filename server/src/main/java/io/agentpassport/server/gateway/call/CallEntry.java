package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.gateway.call.CallReport.LimitLeft;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantChain;
import io.agentpassport.server.upstream.Tool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the log says of calls. Values of arguments are not in it, and neither is the salt. */
final class CallEntry {

    /** A decision on a call. */
    static final String DECIDED = "call_decided";

    /** The end of an allowed call. */
    static final String SETTLED = "call_settled";

    /** The names of arguments that are written down. */
    private static final int MAX_NAMES = 64;

    /** A longer name is only counted. */
    private static final int MAX_NAME_CHARACTERS = 64;

    /**
     * What all names together may take in the log, in bytes of their canonical form: whoever holds no grant writes there too,
     * and a control character takes six.
     */
    static final int MAX_NAMES_BYTES = 1_024;

    /** Stands for all names that are not written down. */
    private static final JsonString MORE = new JsonString("(more)");

    private CallEntry() {}

    /** The part that is the same whatever is decided; made before the queue. */
    static JsonObject of(IncomingCall incoming, @Nullable Tool tool) {
        ToolCall call = incoming.call();
        return JsonObject.builder()
                .put("agent", JsonObject.builder()
                        .put("issuer_domain", incoming.caller().identity().issuerDomain())
                        .put("binding", incoming.caller().identity().binding())
                        .build())
                .put("session_id", incoming.caller().id().text())
                .put("request_id", call.requestId())
                .put("digest", call.digest().text())
                .put("signature_b64", incoming.signature().text())
                .put("tool", tool == null ? call.tool().text() : tool.text())
                .put("argument_names", names(call.params()))
                .put("scope", call.scopeRequired())
                .build();
    }

    private static JsonArray names(JsonObject params) {
        List<JsonValue> names = new ArrayList<>();
        int left = MAX_NAMES_BYTES - Jcs.bytes(new JsonArray(List.of(MORE))).length;
        for (int i = 0; i < params.size(); i++) {
            String text = params.name(i);
            JsonString name = new JsonString(text.length() > MAX_NAME_CHARACTERS ? "(long)" : text);
            left -= Jcs.bytes(name).length + 1;
            if (left < 0 || i == MAX_NAMES) {
                names.add(MORE);
                break;
            }
            names.add(name);
        }
        return new JsonArray(names);
    }

    /** A decision. */
    static JsonObject decided(CallPlan plan, CallMode mode, CallReport report, @Nullable ReservationId reservation,
            @Nullable Money held) {
        JsonObject.Builder entry = JsonObject.builder()
                .put(EntryDraft.AGENT_ID, plan.call().caller().identity().binding())
                .put("call", plan.entry())
                .put("mode", mode.text())
                .put("code", report.code().name())
                .put("rule", report.rule())
                .put("policy", report.policy())
                .put("grants", grants(plan.chain()));
        if (!report.limits().isEmpty()) {
            entry.put("limits", limits(report.limits()));
        }
        CallReport.Approval approval = report.approval();
        if (approval != null && approval.id() != null) {
            entry.put("approval_id", approval.id().text());
        }
        if (reservation != null) {
            entry.put("reservation_id", reservation.text());
        }
        CallReport.BudgetLeft budget = report.budget();
        if (budget != null) {
            entry.put("budget", JsonObject.builder()
                    .put("session", budget.session().text())
                    .put("held", held == null ? JsonNull.NULL : held.json())
                    .put("remaining", budget.remaining().amount().text())
                    .put("currency", budget.remaining().currency())
                    .build());
        }
        return entry.build();
    }

    private static JsonValue grants(@Nullable GrantChain chain) {
        if (chain == null) {
            return JsonArray.EMPTY;
        }
        List<JsonValue> ids = new ArrayList<>(chain.fromRoot().size());
        for (Grant grant : chain.fromRoot()) {
            ids.add(new JsonString(grant.id().text()));
        }
        return new JsonArray(ids);
    }

    private static JsonArray limits(List<LimitLeft> limits) {
        List<JsonValue> list = new ArrayList<>(limits.size());
        for (LimitLeft limit : limits) {
            list.add(JsonObject.builder()
                    .put("rule", limit.rule())
                    .put("max", limit.max())
                    .put("left", limit.left())
                    .build());
        }
        return new JsonArray(list);
    }

    /** What operators see besides: the counters of others. */
    static JsonObject hidden(List<PlannedUse> uses, List<String> left) {
        List<JsonValue> list = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            PlannedUse use = uses.get(i);
            if (!use.own()) {
                list.add(JsonObject.builder()
                        .put("rule", use.rule())
                        .put("scope", use.limit().scope().text())
                        .put("left", left.get(i))
                        .build());
            }
        }
        return list.isEmpty() ? JsonObject.EMPTY : JsonObject.builder().put("limits", new JsonArray(list)).build();
    }

    /** The end of a call. */
    static JsonObject settled(OpenCall open, ReservationId reservation, String agentId, CallRow.Settled how,
            boolean refunded,
            @Nullable String resultDigest) {
        Money cost = how.cost();
        Money uncovered = how.uncovered();
        JsonObject.Builder entry = JsonObject.builder();
        if (uncovered != null) {
            entry.put("uncovered", uncovered.json());
        }
        return entry
                .put(EntryDraft.AGENT_ID, agentId)
                .put("holder", open.key().holder())
                .put("settles", new JsonNumber(open.decided()))
                .put("request_id", open.key().requestId())
                .put("reservation_id", reservation.text())
                .put("outcome", how.outcome().text())
                .put("rule", how.rule())
                .put("is_error", JsonBoolean.of(how.isError()))
                .put("cost", cost == null ? JsonNull.NULL : cost.json())
                .put("refunded", JsonBoolean.of(refunded))
                .put("result_digest", resultDigest)
                .build();
    }
}
