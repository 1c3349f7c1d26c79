package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one tool, and what of it is accepted.
 *
 * @param accepted
 *            what agents see; null when it was never accepted
 * @param offered
 *            what the upstream says now, when that is something else; null otherwise
 * @param quarantine
 *            why it may not be called until it is accepted again; null when nothing is held against it
 * @param gone
 *            whether the upstream has it no more
 * @param changedAt
 *            when its state came about, in whole milliseconds
 * @param changedBy
 *            the admin who brought it about; empty when nobody did
 */
public record ToolPin(String upstream, String name, @Nullable ToolDefinition accepted,
        @Nullable ToolDefinition offered, @Nullable String quarantine, boolean gone, Instant changedAt,
        String changedBy) {

    /** The longest reason. */
    static final int MAX_REASON_CHARACTERS = 256;

    public ToolPin {
        if (accepted == null && offered == null) {
            throw new IllegalArgumentException("a tool has a definition");
        }
    }

    /** Whether it can be called. */
    public ToolState state() {
        if (gone) {
            return ToolState.GONE;
        }
        if (quarantine != null) {
            return ToolState.QUARANTINED;
        }
        return accepted == null ? ToolState.NEW : ToolState.ACCEPTED;
    }

    /** What the upstream says of it now, or said last. */
    public ToolDefinition current() {
        if (offered != null) {
            return offered;
        }
        if (accepted != null) {
            return accepted;
        }
        throw new IllegalStateException("a tool has a definition");
    }

    /** What is different, or why it is under quarantine, in words; may be empty. */
    public String difference() {
        if (quarantine != null) {
            return quarantine;
        }
        return accepted == null || offered == null ? "" : differing(accepted.differences(offered));
    }

    static String differing(List<String> members) {
        return "changed since it was accepted: " + String.join(", ", members);
    }

    /** {@code upstream/name}. */
    public String text() {
        return upstream + "/" + name;
    }

    /** It as agents may call it, or null. */
    @Nullable
    Tool tool() {
        return state() == ToolState.ACCEPTED && accepted != null
                ? new Tool(upstream, name, accepted.json(), accepted.digest())
                : null;
    }

    ToolPin with(@Nullable ToolDefinition newAccepted, @Nullable ToolDefinition newOffered,
            @Nullable String newQuarantine, boolean newGone) {
        return new ToolPin(upstream, name, newAccepted, newOffered, newQuarantine, newGone, changedAt, changedBy);
    }

    ToolPin changed(Instant at, String by) {
        return new ToolPin(upstream, name, accepted, offered, quarantine, gone, at, by);
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("upstream", upstream)
                .put("name", name)
                .put("accepted", accepted == null ? JsonNull.NULL : accepted.json())
                .put("offered", offered == null ? JsonNull.NULL : offered.json())
                .put("quarantine", quarantine)
                .put("gone", JsonBoolean.of(gone))
                .put("changed_at", (double) changedAt.toEpochMilli())
                .put("changed_by", changedBy)
                .build();
    }

    static @Nullable ToolPin fromJson(JsonObject json) {
        String upstream = json.string("upstream");
        String name = json.string("name");
        Double changedAt = json.number("changed_at");
        String changedBy = json.string("changed_by");
        ToolDefinition accepted = definition(json, "accepted");
        ToolDefinition offered = definition(json, "offered");
        if (upstream == null || name == null || changedAt == null || changedBy == null
                || (accepted == null && offered == null)) {
            return null;
        }
        return new ToolPin(upstream, name, accepted, offered, json.string("quarantine"),
                json.get("gone") == JsonBoolean.TRUE, Instant.ofEpochMilli(changedAt.longValue()), changedBy);
    }

    private static @Nullable ToolDefinition definition(JsonObject json, String member) {
        JsonObject object = json.object(member);
        return object != null && ToolDefinition.read(object) instanceof ToolDefinition.Read read ? read.definition()
                : null;
    }
}
