package io.agentpassport.server.trust;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Rows;

/**
 * Stops believing a publisher. The floor of its bundles stays.
 *
 * @param requestId
 *            repeated within a day for the same key it answers the same
 */
public record RemovePublisher(String requestId, PublicKey key) {

    /** What came of it. */
    public sealed interface Outcome {}

    /** It is not believed any more; as it stood. */
    public record Removed(Publisher publisher) implements Outcome {}

    /** There is no such publisher. */
    public record NotFound() implements Outcome {}

    /** Our own cannot be removed. */
    public record IsOwn() implements Outcome {}

    /** The request id removed another one. */
    public record RequestIdReused() implements Outcome {}

    Outcome decide(TrustSnapshot on, Rows rows) {
        Publisher before = rows.get(TrustRows.REMOVALS, requestId);
        if (before != null) {
            return before.key().equals(key) ? new Removed(before) : new RequestIdReused();
        }
        Publisher publisher = on.publisherOf(key);
        if (publisher == null) {
            return new NotFound();
        }
        if (publisher.own()) {
            return new IsOwn();
        }
        rows.delete(TrustRows.PUBLISHERS, key);
        rows.delete(TrustRows.BUNDLES, key);
        rows.put(TrustRows.REMOVALS, requestId, publisher, rows.now().plus(TrustLimits.REQUEST_MEMORY));
        TrustRows.restructured(rows);
        AuditLog.append(rows, TrustEntries.publisherRemoved(publisher, requestId));
        return new Removed(publisher);
    }
}
