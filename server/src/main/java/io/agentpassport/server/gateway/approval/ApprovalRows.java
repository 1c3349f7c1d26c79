package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.DuePlace;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.ListPlace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What approvals keep in the partition of the agent that asks. */
public final class ApprovalRows {

    private static final Codec<ApprovalId> ID = Codec.of(id -> Codec.text().encode(id.text()),
            bytes -> new ApprovalId(Codec.text().decode(bytes)));

    /** Approvals, until a while after their time. */
    static final Keyspace<ApprovalId, Approval> APPROVALS = new Keyspace<>(63, "approvals", ID,
            JsonCodec.of(Approval::json, Approval::fromJson));

    /** The approval that is for a request, by the digest of the request. */
    static final Keyspace<String, ApprovalId> BY_DIGEST = new Keyspace<>(64, "approvals_by_digest",
            Codec.of(Digest::bytesOf, Digest::text), ID);

    /** What an agent waits for, by the hash of its identity. */
    static final Keyspace<String, Waiting> WAITING = new Keyspace<>(65, "waiting_approvals",
            Codec.of(HexText::decodeAnyCase, HexText::encode), JsonCodec.of(Waiting::json, Waiting::fromJson));

    /** Where approvals stand in lists. */
    static final Keyspace<ListPlace<ApprovalId>, String> LISTS = new Keyspace<ListPlace<ApprovalId>, String>(69,
            "approval_lists",
            ListPlace.codec(ID), Codec.text()).unread();

    /** Approvals that nobody has decided, in the order in which their time is over. */
    static final Keyspace<DuePlace<ApprovalId>, String> DUE = new Keyspace<DuePlace<ApprovalId>, String>(72,
            "due_approvals", DuePlace.codec(ID), Codec.text()).unread();

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(APPROVALS, BY_DIGEST, WAITING, LISTS, DUE);

    private ApprovalRows() {}

    /** What one agent waits for. */
    record Waiting(List<Entry> entries) {

        static final Waiting NONE = new Waiting(List.of());

        record Entry(ApprovalId id, long expiresAtMillis) {}

        Waiting {
            entries = List.copyOf(entries);
        }

        Waiting without(ApprovalId id) {
            return new Waiting(entries.stream().filter(entry -> !entry.id.equals(id)).toList());
        }

        /** With another, or null when so many wait already. */
        @Nullable
        Waiting with(Approval approval, Instant now, int most) {
            List<Entry> rest = new ArrayList<>(entries);
            rest.removeIf(entry -> entry.expiresAtMillis < now.toEpochMilli());
            if (rest.size() >= most) {
                return null;
            }
            rest.add(new Entry(approval.id(), approval.expiresAt().toEpochMilli()));
            return new Waiting(rest);
        }

        JsonObject json() {
            List<JsonValue> list = new ArrayList<>();
            for (Entry entry : entries) {
                list.add(JsonObject.builder()
                        .put("id", entry.id.text())
                        .put("expires_at", (double) entry.expiresAtMillis)
                        .build());
            }
            return JsonObject.builder().put("entries", new JsonArray(list)).build();
        }

        static @Nullable Waiting fromJson(JsonObject json) {
            if (!(json.get("entries") instanceof JsonArray list)) {
                return null;
            }
            List<Entry> entries = new ArrayList<>();
            for (JsonValue value : list.values()) {
                ApprovalId id = value instanceof JsonObject entry ? ApprovalId.fromText(entry.string("id")) : null;
                Double expiresAt = value instanceof JsonObject entry ? entry.number("expires_at") : null;
                if (id == null || expiresAt == null) {
                    return null;
                }
                entries.add(new Entry(id, expiresAt.longValue()));
            }
            return new Waiting(entries);
        }
    }

}
