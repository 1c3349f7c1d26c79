package io.agentpassport.server.audit;

import io.agentpassport.core.receipt.MerkleTree;
import java.util.List;

/**
 * What checking one log came to.
 *
 * @param origin the name of the log
 * @param entries how many entries were read
 * @param root of the tree of all of them, in base64, as recomputed
 * @param faults what is wrong, in the order it was found; none when all is well
 * @param moreFaults how many were found beyond those that are listed
 */
public record LogReport(String origin, long entries, String root, List<LogFault> faults, long moreFaults) {

    public LogReport {
        faults = List.copyOf(faults);
    }

    /** Of a log that should be there and is not. */
    public static LogReport absent(String origin, String why) {
        return new LogReport(origin, 0, MerkleTree.EMPTY_ROOT.text(), List.of(new LogFault("the log", why)), 0);
    }

    /** Whether nothing is wrong. */
    public boolean isSound() {
        return faults.isEmpty();
    }
}
