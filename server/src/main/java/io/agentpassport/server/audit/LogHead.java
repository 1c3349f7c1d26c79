package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.RightEdge;
import org.jspecify.annotations.Nullable;

/** The log as one commit left it. Its checkpoint is signed when it is first asked for, once, and off the writer. */
public final class LogHead {

    private final CompactRange range;
    private final String origin;
    private final Signer logKey;
    private @Nullable Signed signed;

    private record Signed(RightEdge edge, Checkpoint checkpoint, String note) {}

    LogHead(CompactRange range, String origin, Signer logKey) {
        this.range = range;
        this.origin = origin;
        this.logKey = logKey;
    }

    /** How many entries there are. */
    public long size() {
        return range.size();
    }

    /** The checkpoint; the same commit always has the same. */
    public Checkpoint checkpoint() {
        return signed().checkpoint;
    }

    /** The checkpoint as a signed note. */
    public String note() {
        return signed().note;
    }

    /** What the paths of all its leaves share. */
    RightEdge edge() {
        return signed().edge;
    }

    CompactRange range() {
        return range;
    }

    private synchronized Signed signed() {
        Signed made = signed;
        if (made == null) {
            var edge = new RightEdge(range);
            var checkpoint = new Checkpoint(origin, range.size(), edge.root());
            made = new Signed(edge, checkpoint, checkpoint.sign(logKey));
            signed = made;
        }
        return made;
    }
}
