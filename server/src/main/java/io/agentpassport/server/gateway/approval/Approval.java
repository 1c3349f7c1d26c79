package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call that people were asked about, and what they said.
 *
 * @param request
 *            what exactly they are asked
 * @param votes
 *            at most one of each person
 * @param stage
 *            how far it came; that its time is over shows in {@link #stateAt} alone
 */
public record Approval(ApprovalId id, Request request, List<Vote> votes, State stage, Instant createdAt,
        Instant expiresAt) {

    /** For how long one that is over can still be read. */
    static final Duration RETENTION = Duration.ofHours(24);

    public Approval {
        votes = List.copyOf(votes);
    }

    /** Where an approval stands. */
    public enum State {
        /** It waits for people. */
        PENDING,
        /** Enough approved; the call has not come again. */
        APPROVED,
        /** The call ran with it. */
        USED,
        /** Somebody denied it. */
        DENIED,
        /** Its time was over first. */
        EXPIRED,
        /** What it stood on was withdrawn, or changed so that it is asked anew. */
        REVOKED;

        /** The word for it in answers and rows. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static @Nullable State fromText(@Nullable String text) {
            for (State state : values()) {
                if (state.text().equals(text)) {
                    return state;
                }
            }
            return null;
        }
    }

    /**
     * What is asked. An approval is good for exactly this: another request, another grant, another version of a policy, or
     * another definition of the tool is another question.
     *
     * @param agent
     *            who wants to call
     * @param holder
     *            the same as a key: the 64 hex digits of its hash
     * @param principal
     *            who answers for the agent
     * @param digest
     *            of the whole signed request
     * @param params
     *            the arguments, for those who decide
     * @param policies
     *            every version that judged, {@code ID@VERSION} from the root down, with commas between
     * @param definitionDigest
     *            of the tool as it was pinned
     * @param rule
     *            where it is asked for
     * @param needed
     *            how many must approve
     * @param approvers
     *            who may; empty for every approver
     * @param ownerMay
     *            whether the principal itself may, and those above
     * @param principalsAbove
     *            who answer for the agents that the grants above were given to
     */
    public record Request(Identity agent, String holder, String principal, String requestId, String digest, String tool,
            JsonObject params, String grant, String policies, String definitionDigest, String rule, String reason,
            int needed, List<String> approvers, boolean ownerMay, List<String> principalsAbove) {

        public Request {
            approvers = List.copyOf(approvers);
            principalsAbove = List.copyOf(principalsAbove);
        }

        /** Whether that person answers for the agent, or for one whose grant it calls under. */
        boolean isAnswerable(String person) {
            return principal.equals(person) || principalsAbove.contains(person);
        }

        /** Whether it is the same question, who may answer it aside. */
        boolean isFor(Request other) {
            return holder.equals(other.holder) && digest.equals(other.digest) && grant.equals(other.grant)
                    && tool.equals(other.tool) && policies.equals(other.policies)
                    && definitionDigest.equals(other.definitionDigest);
        }
    }

    /**
     * What one person said.
     *
     * @param comment
     *            may be empty
     */
    public record Vote(String approver, boolean approved, String comment, Instant at) {}

    /** Where it stands at an instant, what it hangs on aside. */
    public State stateAt(Instant now) {
        boolean waits = stage == State.PENDING || stage == State.APPROVED;
        return waits && now.isAfter(expiresAt) ? State.EXPIRED : stage;
    }

    Approval at(State next) {
        return new Approval(id, request, votes, next, createdAt, expiresAt);
    }

    Approval with(Vote vote, State next) {
        List<Vote> more = new ArrayList<>(votes);
        more.add(vote);
        return new Approval(id, request, more, next, createdAt, expiresAt);
    }

    /** The first instant at which its row is gone. */
    Instant keptUntil() {
        return expiresAt.plus(RETENTION);
    }

    JsonObject json() {
        List<JsonValue> list = new ArrayList<>();
        for (Vote vote : votes) {
            list.add(JsonObject.builder()
                    .put("approver", vote.approver)
                    .put("approved", JsonBoolean.of(vote.approved))
                    .put("comment", vote.comment)
                    .put("at", (double) vote.at.toEpochMilli())
                    .build());
        }
        return JsonObject.builder()
                .put("id", id.text())
                .put("issuer_domain", request.agent.issuerDomain())
                .put("binding", request.agent.binding())
                .put("holder", request.holder)
                .put("principal", request.principal)
                .put("request_id", request.requestId)
                .put("digest", request.digest)
                .put("tool", request.tool)
                .put("params", request.params)
                .put("grant", request.grant)
                .put("policies", request.policies)
                .put("definition_digest", request.definitionDigest)
                .put("rule", request.rule)
                .put("reason", request.reason)
                .put("needed", request.needed)
                .put("approvers", request.approvers)
                .put("owner_may", JsonBoolean.of(request.ownerMay))
                .put("principals_above", request.principalsAbove)
                .put("votes", new JsonArray(list))
                .put("stage", stage.text())
                .put("created_at", (double) createdAt.toEpochMilli())
                .put("expires_at", (double) expiresAt.toEpochMilli())
                .build();
    }

    static @Nullable Approval fromJson(JsonObject json) {
        ApprovalId id = ApprovalId.fromText(json.string("id"));
        State stage = State.fromText(json.string("stage"));
        Double createdAt = json.number("created_at");
        Double expiresAt = json.number("expires_at");
        if (id == null || stage == null || createdAt == null || expiresAt == null
                || !(json.get("votes") instanceof JsonArray list)) {
            return null;
        }
        Request request = request(json);
        List<Vote> votes = new ArrayList<>();
        for (JsonValue value : list.values()) {
            Vote vote = value instanceof JsonObject object ? vote(object) : null;
            if (vote == null) {
                return null;
            }
            votes.add(vote);
        }
        return request == null ? null
                : new Approval(id, request, votes, stage, Instant.ofEpochMilli(createdAt.longValue()),
                        Instant.ofEpochMilli(expiresAt.longValue()));
    }

    private static @Nullable Request request(JsonObject json) {
        JsonObject params = json.object("params");
        Double needed = json.number("needed");
        List<String> approvers = json.strings("approvers");
        if (params == null || needed == null || approvers == null) {
            return null;
        }
        return new Request(new Identity(text(json, "issuer_domain"), text(json, "binding")), text(json, "holder"),
                text(json, "principal"), text(json, "request_id"), text(json, "digest"), text(json, "tool"), params,
                text(json, "grant"), text(json, "policies"), text(json, "definition_digest"), text(json, "rule"),
                text(json, "reason"), needed.intValue(), approvers,
                JsonBoolean.TRUE.equals(json.get("owner_may")),
                // Rows of before say nothing of those above.
                Objects.requireNonNullElse(json.strings("principals_above"), List.of()));
    }

    private static @Nullable Vote vote(JsonObject json) {
        Double at = json.number("at");
        return at == null ? null
                : new Vote(text(json, "approver"), JsonBoolean.TRUE.equals(json.get("approved")),
                        text(json, "comment"), Instant.ofEpochMilli(at.longValue()));
    }

    private static String text(JsonObject json, String member) {
        String text = json.string(member);
        if (text == null) {
            throw new IllegalArgumentException("an approval has " + member);
        }
        return text;
    }
}
