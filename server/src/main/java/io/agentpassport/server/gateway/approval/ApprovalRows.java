package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
            Codec.of(Digest::bytesOf, bytes -> "sha256:" + HexText.encode(bytes)), ID);

    /** What an agent waits for, by the hash of its identity. */
    static final Keyspace<String, Waiting> WAITING = new Keyspace<>(65, "waiting_approvals",
            Codec.of(HexText::decodeAnyCase, HexText::encode), JsonCodec.of(Waiting::json, Waiting::fromJson));

    /** Where approvals stand in lists. */
    static final Keyspace<Place, String> LISTS = new Keyspace<>(69, "approval_lists",
            Codec.of(Place::encode, Place::decode), Codec.text());

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(APPROVALS, BY_DIGEST, WAITING, LISTS);

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

    /**
     * The place of an approval in a list, the newest first.
     *
     * @param list
     *            {@link #ALL_OF_THEM}, or the hash of an identity
     */
    record Place(String list, long createdAtMillis, ApprovalId id) {

        static final String ALL_OF_THEM = "00".repeat(32);
        private static final int FIXED = 32 + Long.BYTES;

        static KeyRange range(String list) {
            return KeyRange.prefix(HexText.decodeAnyCase(list));
        }

        byte[] encode() {
            byte[] text = id.text().getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(FIXED + text.length)
                    .put(HexText.decodeAnyCase(list))
                    .putLong(Long.MAX_VALUE - createdAtMillis)
                    .put(text)
                    .array();
        }

        static Place decode(byte[] bytes) {
            if (bytes.length <= FIXED) {
                throw new IllegalArgumentException("a place in a list has more than " + FIXED + " bytes");
            }
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte[] list = new byte[32];
            in.get(list);
            long createdAt = Long.MAX_VALUE - in.getLong();
            byte[] text = new byte[in.remaining()];
            in.get(text);
            return new Place(HexText.encode(list), createdAt,
                    new ApprovalId(new String(text, StandardCharsets.US_ASCII)));
        }
    }
}
