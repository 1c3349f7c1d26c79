package io.agentpassport.core.receipt;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evidence that entries are in a log, which verifies with the log key and nothing else:
 * {@code {spec, entries: [{entry, path, private?, salt?}], checkpoint}}. All paths lead to the one checkpoint. The receipt of
 * a call that ran has two entries: what was decided, and how it ended.
 *
 * @param entries 1 to {@link #MAX_ENTRIES}, in the order of their indexes
 * @param checkpoint the signed note
 */
public record Receipt(List<Evidence> entries, String checkpoint) {

    /** The kind and version of the document. */
    public static final String SPEC = "agentpassport.receipt.v1";

    /** The most entries in one receipt. */
    public static final int MAX_ENTRIES = 16;

    /** There is an entry, and not too many of them. */
    public Receipt {
        entries = List.copyOf(entries);
        if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("a receipt has 1 to 16 entries, not " + entries.size());
        }
    }

    /**
     * One entry and its path.
     *
     * @param entry the entry's document
     * @param path as in {@link InclusionProof}, in the tree of the checkpoint
     * @param opened what the entry commits to; null when it stays closed
     */
    public record Evidence(JsonObject entry, List<TreeHash> path, @Nullable PrivateMembers opened) {

        /** The path is bounded. */
        public Evidence {
            path = List.copyOf(path);
            if (path.size() > MerkleTree.MAX_PATH) {
                throw new IllegalArgumentException("a path has at most 53 hashes, not " + path.size());
            }
        }
    }

    /** What verifying answers: {@link Verified} or {@link Refused}. */
    public sealed interface Verdict permits Verified, Refused {}

    /** All entries are in the log that the checkpoint tells of. */
    public record Verified(List<LogEntry> entries, Checkpoint checkpoint) implements Verdict {}

    /**
     * Something is wrong.
     *
     * @param reason what
     * @param where a JSON Pointer into the receipt; empty for the whole
     * @param detail for people
     */
    public record Refused(Reason reason, String where, String detail) implements Verdict {

        @Override
        public String toString() {
            return reason + " at " + (where.isEmpty() ? "the receipt" : where) + ": " + detail;
        }
    }

    /** Why a receipt is refused; the order of the constants is the order of the checks. */
    public enum Reason {
        /** It is not a receipt. */
        RECEIPT_MALFORMED,
        /** The checkpoint is not a signed note that holds one. */
        CHECKPOINT_MALFORMED,
        /** The checkpoint is of another service's log. */
        WRONG_ORIGIN,
        /** The checkpoint is not signed by the log key. */
        WRONG_LOG_KEY,
        /** The checkpoint is not what the log key signed. */
        CHECKPOINT_SIGNATURE_INVALID,
        /** An entry is not one. */
        ENTRY_MALFORMED,
        /** An entry's index is not below the size of the log. */
        INDEX_OUT_OF_RANGE,
        /** Entries are not in the order of their indexes, or one is there twice. */
        ENTRIES_OUT_OF_ORDER,
        /** A path has another length than that of its entry's place. */
        PATH_LENGTH_WRONG,
        /** The path does not lead from the entry to the root: one of the three is not the log's. */
        ROOT_MISMATCH,
        /** The opened members are not the ones that the entry commits to. */
        COMMITMENT_MISMATCH,
        /** An entry settles another than those of the receipt. */
        SETTLES_ANOTHER
    }

    /** The receipt that a document is; {@link Refused} as {@link Reason#RECEIPT_MALFORMED} when it is none. */
    public static Parsing fromJson(JsonObject json) {
        return ReceiptReader.read(json);
    }

    /** What parsing answers: {@link Parsed}, or {@link NotAReceipt}. */
    public sealed interface Parsing permits Parsed, NotAReceipt {}

    /** It has the shape of a receipt. */
    public record Parsed(Receipt receipt) implements Parsing {}

    /** It has not: the refusal says where. */
    public record NotAReceipt(Refused refused) implements Parsing {}

    /** Parses and verifies in one step. */
    public static Verdict verify(JsonObject json, LogKey logKey) {
        Parsing parsing = ReceiptReader.read(json);
        return parsing instanceof Parsed parsed ? parsed.receipt().verify(logKey) : ((NotAReceipt) parsing).refused();
    }

    /** Verifies all of it. */
    public Verdict verify(LogKey logKey) {
        return ReceiptVerifier.verify(this, logKey);
    }

    /** The document. */
    public JsonObject json() {
        var array = new ArrayList<JsonValue>();
        for (Evidence evidence : entries) {
            JsonObject.Builder members = JsonObject.builder()
                    .put("entry", evidence.entry())
                    .put("path", evidence.path().stream().map(TreeHash::text).toList());
            PrivateMembers opened = evidence.opened();
            if (opened != null) {
                members.put("private", opened.members()).put("salt", opened.salt().text());
            }
            array.add(members.build());
        }
        return JsonObject.builder()
                .put("spec", SPEC)
                .put("entries", new JsonArray(array))
                .put("checkpoint", checkpoint)
                .build();
    }
}
