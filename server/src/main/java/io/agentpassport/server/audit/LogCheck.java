package io.agentpassport.server.audit;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.TreeHash;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes a log from its entries, and says what is wrong and where. Entries are given one by one, in the order in which
 * they stand; what they are compared with is given before.
 */
final class LogCheck {

    /** How many faults are listed. */
    static final int MAX_FAULTS = 100;
    /** How many missing entries are waited for further on, where they would be out of order. */
    private static final int MAX_AWAITED = 100_000;

    private final String origin;
    private final boolean opened;
    private final MerkleTree.Sink made;
    private final List<Expected> expected = new ArrayList<>();
    private @Nullable Expected whole;
    private final List<LogFault> faults = new ArrayList<>();
    private final TreeSet<Long> awaited = new TreeSet<>();
    private long moreFaults;
    private long read;
    private long next;
    private long lastTime;
    private boolean treeIsWhole = true;
    private CompactRange range = CompactRange.EMPTY;

    /** What somebody says the log was. */
    private record Expected(String by, long size, TreeHash root) {}

    /**
     * @param opened whether what entries commit to is given with them, so that where it is not it was taken away
     * @param made is told of each subtree, to compare it with what is stored
     */
    LogCheck(String origin, boolean opened, MerkleTree.Sink made) {
        this.origin = origin;
        this.opened = opened;
        this.made = made;
    }

    /** What the log must have been at that size. */
    void expect(String by, Checkpoint checkpoint) {
        if (!checkpoint.origin().equals(origin)) {
            fault(by, "is of the log " + checkpoint.origin() + ", not of " + origin);
        } else {
            expect(by, checkpoint.size(), checkpoint.root());
        }
    }

    /** What the log must be, no shorter and no longer: what goes beyond is signed by nobody. */
    void expectWhole(String by, Checkpoint checkpoint) {
        expect(by, checkpoint);
        whole = new Expected(by, checkpoint.size(), checkpoint.root());
    }

    void expect(String by, long size, TreeHash root) {
        expected.add(new Expected(by, size, root));
        compare();
    }

    void fault(String where, String what) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new LogFault(where, what));
        } else {
            moreFaults++;
        }
    }

    /**
     * What stands where an entry should is none.
     *
     * @param recorded the hash of what stood there; null when none was recorded, and then no root can be recomputed
     */
    void unreadable(String where, String what, @Nullable TreeHash recorded) {
        fault(where, what);
        read++;
        next++;
        grow(recorded);
    }

    private void grow(@Nullable TreeHash leaf) {
        treeIsWhole &= leaf != null;
        if (treeIsWhole && leaf != null) {
            range = range.append(leaf, made);
            compare();
        }
    }

    /**
     * The next entry.
     *
     * @param where it stands
     * @param closed what it is said to commit to; null when that is not there
     * @param recorded its leaf hash as it was recorded; null when none was
     */
    void entry(String where, JsonObject json, @Nullable PrivateMembers closed, @Nullable TreeHash recorded) {
        LogEntry entry = LogEntry.fromJson(json);
        if (entry == null) {
            unreadable(where, "is no entry: a member that each entry has is missing or malformed", recorded);
            return;
        }
        read++;
        String name = where + " (entry " + entry.index() + ")";
        if (!inOrder(name, entry.index())) {
            return;
        }
        TreeHash leaf = entry.leafHash();
        if (recorded != null && !recorded.equals(leaf)) {
            fault(name, "is not what was hashed: its leaf is " + leaf.text() + ", recorded is " + recorded.text());
        }
        if (closed != null && !entry.commitsTo(closed)) {
            fault(name, "does not commit to the private members beside it");
        } else if (closed == null && opened && !entry.commitsTo(EntryDraft.NOTHING)) {
            fault(name, "commits to private members, and they are missing beside it");
        }
        if (entry.timeMillis() < lastTime && !entry.kind().equals(ClockRepair.LOWERED)) {
            fault(name, "is of an earlier time than the entry before it");
        }
        lastTime = entry.kind().equals(ClockRepair.LOWERED) ? entry.timeMillis()
                : Math.max(lastTime, entry.timeMillis());
        // With the recorded one, so that what follows is not found wrong as well.
        grow(recorded != null ? recorded : leaf);
    }

    private boolean inOrder(String where, long index) {
        if (index == next) {
            next++;
            return true;
        }
        treeIsWhole = false;
        if (index > next) {
            long last = index - 1;
            fault(where, next == last ? "entry " + next + " is missing before it"
                    : "entries " + next + " to " + last + " are missing before it");
            for (long missing = next; missing < index && awaited.size() < MAX_AWAITED; missing++) {
                awaited.add(missing);
            }
            next = index + 1;
            return true;
        }
        fault(where, awaited.remove(index) ? "is out of order: it stands after entry " + (next - 1)
                : "is there twice");
        return false;
    }

    private void compare() {
        for (Expected what : expected) {
            if (what.size == range.size() && treeIsWhole && !what.root.equals(range.root())) {
                fault(what.by, "has another root for the first " + what.size + " entries: " + what.root.text()
                        + ", recomputed is " + range.root().text() + "; one of these entries is not the one it was"
                        + " made of");
            }
        }
    }

    /** All entries were given. */
    LogReport report() {
        for (Expected what : expected) {
            if (what.size > next) {
                fault("the end", what.by + " has " + what.size + " entries, and here the last is " + (next - 1)
                        + ": what follows is missing");
            }
        }
        Expected covered = whole;
        if (covered != null && next > covered.size) {
            fault("the end", covered.by + " has " + covered.size + " entries, and here the last is " + (next - 1)
                    + ": nobody signed what goes beyond");
        }
        return new LogReport(origin, read, range.root().text(), faults, moreFaults);
    }

    /** How many entries there are by their indexes. */
    long size() {
        return next;
    }
}
