package io.agentpassport.core.receipt;

import io.agentpassport.core.receipt.Receipt.Evidence;
import io.agentpassport.core.receipt.Receipt.Reason;
import io.agentpassport.core.receipt.Receipt.Refused;
import io.agentpassport.core.receipt.Receipt.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks a receipt: its checkpoint first, then each entry on its own, then what they say of each other. */
final class ReceiptVerifier {

    private ReceiptVerifier() {}

    static Verdict verify(Receipt receipt, LogKey logKey) {
        Checkpoint.Opening opening = Checkpoint.open(receipt.checkpoint(), logKey);
        if (opening instanceof Checkpoint.Refused refused) {
            return refused(refused);
        }
        Checkpoint checkpoint = ((Checkpoint.Opened) opening).checkpoint();
        var entries = new ArrayList<LogEntry>();
        long before = -1;
        for (int i = 0; i < receipt.entries().size(); i++) {
            String where = "/entries/" + i;
            Evidence evidence = receipt.entries().get(i);
            LogEntry entry = LogEntry.fromJson(evidence.entry());
            if (entry == null) {
                return new Refused(Reason.ENTRY_MALFORMED, where + "/entry",
                        "a member that each entry has is missing or malformed");
            }
            Refused refused = refusal(entry, evidence, checkpoint, before, where);
            if (refused != null) {
                return refused;
            }
            before = entry.index();
            entries.add(entry);
        }
        Refused unlinked = unlinked(entries);
        return unlinked != null ? unlinked : new Receipt.Verified(List.copyOf(entries), checkpoint);
    }

    private static Refused refused(Checkpoint.Refused refused) {
        return switch (refused) {
            case CHECKPOINT_MALFORMED -> new Refused(Reason.CHECKPOINT_MALFORMED, "/checkpoint",
                    "not a signed note of a log's name, size and root");
            case WRONG_ORIGIN -> new Refused(Reason.WRONG_ORIGIN, "/checkpoint", "of another service's log");
            case WRONG_LOG_KEY -> new Refused(Reason.WRONG_LOG_KEY, "/checkpoint", "has no signature by the log key");
            case CHECKPOINT_SIGNATURE_INVALID -> new Refused(Reason.CHECKPOINT_SIGNATURE_INVALID, "/checkpoint",
                    "the signature by the log key does not verify");
        };
    }

    private static @Nullable Refused refusal(LogEntry entry, Evidence evidence, Checkpoint checkpoint, long before,
            String where) {
        if (entry.index() >= checkpoint.size()) {
            return new Refused(Reason.INDEX_OUT_OF_RANGE, where + "/entry/index",
                    "entry " + entry.index() + " of a log of " + checkpoint.size());
        }
        if (entry.index() <= before) {
            return new Refused(Reason.ENTRIES_OUT_OF_ORDER, where + "/entry/index",
                    "entry " + entry.index() + " after entry " + before);
        }
        int length = InclusionProof.pathLength(entry.index(), checkpoint.size());
        if (evidence.path().size() != length) {
            return new Refused(Reason.PATH_LENGTH_WRONG, where + "/path", evidence.path().size()
                    + " hashes, where entry " + entry.index() + " of " + checkpoint.size() + " has " + length);
        }
        var proof = new InclusionProof(entry.index(), checkpoint.size(), evidence.path());
        if (!proof.verifies(entry.leafHash(), checkpoint.root())) {
            return new Refused(Reason.ROOT_MISMATCH, where,
                    "the path does not lead from entry " + entry.index() + " to the checkpoint's root");
        }
        PrivateMembers opened = evidence.opened();
        if (opened != null && !entry.commitsTo(opened)) {
            return new Refused(Reason.COMMITMENT_MISMATCH, where + "/private",
                    "not what entry " + entry.index() + " commits to");
        }
        return null;
    }

    /** Of several entries, one that settles must settle one of them; alone it stands for itself. */
    private static @Nullable Refused unlinked(List<LogEntry> entries) {
        for (int i = 0; i < entries.size() && entries.size() > 1; i++) {
            long settles = entries.get(i).settles();
            if (settles >= 0 && entries.stream().noneMatch(entry -> entry.index() == settles)) {
                return new Refused(Reason.SETTLES_ANOTHER, "/entries/" + i + "/entry/" + LogEntry.SETTLES,
                        "entry " + settles + " is not in the receipt");
            }
        }
        return null;
    }
}
