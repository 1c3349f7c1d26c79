package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.PrivateMembers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is about to be logged. Appending adds {@code spec}, {@code index}, {@code time}, {@code kind} and
 * {@code private_commitment}.
 *
 * @param kind what it tells of, such as {@code certificate_issued}: 1 to 64 characters of {@code a-z_}
 * @param members what everybody may see; {@link #AGENT_ID} where it is about an agent
 * @param closed what not everybody may see, with a salt that was drawn before the command was submitted; null for nothing
 */
public record EntryDraft(String kind, JsonObject members, @Nullable PrivateMembers closed) {

    /** The member that names the binding of the agent or system that an entry is about. */
    public static final String AGENT_ID = "agent_id";

    /** The longest canonical form of an entry, and of its private members, in bytes. */
    public static final int MAX_BYTES = JsonLimits.LOG_ENTRY.maxBytes();

    /** What an entry without private members commits to: there is nothing to guess, so the salt is no secret. */
    static final PrivateMembers NOTHING = new PrivateMembers(JsonObject.EMPTY, Nonce.of(new byte[Nonce.BYTES]));

    private static final String NOTHING_COMMITTED = LogEntry.commitment(NOTHING);

    private static final List<String> RESERVED = List.of("spec", "index", "time", "kind", "private_commitment");

    /** The kind has its form, and no member is one that appending adds. */
    public EntryDraft {
        if (kind.isEmpty() || kind.length() > 64 || !kind.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_')) {
            throw new IllegalArgumentException("the kind of an entry is 1 to 64 characters of a-z and _");
        }
        for (String member : RESERVED) {
            if (members.has(member)) {
                throw new IllegalArgumentException("appending adds the member " + member);
            }
        }
    }

    /** A draft with nothing private. */
    public static EntryDraft open(String kind, JsonObject members) {
        return new EntryDraft(kind, members, null);
    }

    /** The entry at its place. */
    LogEntry at(long index, long timeMillis) {
        JsonObject.Builder entry = JsonObject.builder();
        for (int i = 0; i < members.size(); i++) {
            entry.put(members.name(i), members.value(i));
        }
        return new LogEntry(entry.put("spec", LogEntry.SPEC)
                .put("index", (double) index)
                .put("time", (double) timeMillis)
                .put("kind", kind)
                .put("private_commitment", closed == null ? NOTHING_COMMITTED : LogEntry.commitment(closed))
                .build(), index, timeMillis, kind);
    }
}
