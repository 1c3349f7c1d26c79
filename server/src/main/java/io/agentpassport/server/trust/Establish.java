package io.agentpassport.server.trust;

import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Rows;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the service a publisher and its issuing key an anchor, at the first start and after a change of keys. */
public final class Establish {

    private Establish() {}

    /** What came of it. */
    public sealed interface Outcome {}

    /** The service is its own first publisher. */
    public record Established() implements Outcome {}

    /**
     * It cannot be, until an operator has done something.
     *
     * @param advice
     *            what, in a sentence
     */
    public record Impossible(String advice) implements Outcome {}

    static Outcome decide(OwnIssuer own, TrustSnapshot on, Rows rows, TrustLimits limits) {
        String advice = conflict(own, on);
        if (advice != null) {
            return new Impossible(advice);
        }
        OwnAnchor standing = on.ownAnchor(own.anchorId());
        // One of the future was made by a clock that was wrong.
        boolean anchorIsThere = standing != null
                && (standing.revoked() != null || !begins(standing.anchor()).isAfter(rows.now()));
        if (standing == null && on.state().anchors().size() >= limits.ownAnchors()) {
            return new Impossible("the issuing key is new, but " + limits.ownAnchors()
                    + " anchors stand already: put the earlier keys/issuing.pem back");
        }
        boolean changed = putPublisher(own, on, rows);
        if (!anchorIsThere) {
            OwnAnchor added = new OwnAnchor(anchor(own, rows.now()), null);
            rows.put(TrustRows.ANCHORS, own.anchorId(), added);
            AuditLog.append(rows, TrustEntries.anchorAdded(added));
        }
        if (changed || !anchorIsThere) {
            TrustRows.restructured(rows);
        }
        return new Established();
    }

    private static @Nullable String conflict(OwnIssuer own, TrustSnapshot on) {
        for (Publisher publisher : on.publishers()) {
            if (!publisher.own() && (publisher.key().equals(own.publisherKey())
                    || publisher.issuerDomain().equals(own.issuerDomain()))) {
                return "publisher " + publisher.key() + " of domain " + publisher.issuerDomain()
                        + " has our own bundle key or domain: set service.issuer_domain to another name";
            }
        }
        PublicKey issuing = own.issuingKey();
        KnownAnchor listed = on.anchorOf(issuing);
        if (listed != null && !listed.publisher().own()) {
            return "publisher " + listed.publisher().key() + " lists our issuing key " + issuing
                    + " as its anchor: make a new keys/issuing.pem, a key cannot issue for two domains";
        }
        return null;
    }

    private static boolean putPublisher(OwnIssuer own, TrustSnapshot on, Rows rows) {
        Publisher wanted = new Publisher(own.publisherKey(), own.issuerDomain(), List.of(), true, rows.now());
        boolean isThere = false;
        boolean changed = false;
        for (Publisher publisher : on.publishers()) {
            if (publisher.hasTermsOf(wanted)) {
                isThere = true;
            } else if (publisher.own()) {
                rows.delete(TrustRows.PUBLISHERS, publisher.key());
                rows.delete(TrustRows.BUNDLES, publisher.key());
                AuditLog.append(rows, TrustEntries.publisherRemoved(publisher, ""));
                changed = true;
            }
        }
        if (!isThere) {
            rows.put(TrustRows.PUBLISHERS, wanted.key(), wanted);
            AuditLog.append(rows, TrustEntries.publisherAdded(wanted));
            changed = true;
        }
        return changed;
    }

    private static Instant begins(TrustAnchor anchor) {
        Double millis = anchor.notBeforeMillis();
        return millis == null ? Instant.EPOCH : Instant.ofEpochMilli(millis.longValue());
    }

    private static TrustAnchor anchor(OwnIssuer own, Instant now) {
        return new TrustAnchor(own.anchorId(), own.issuerDomain(), Role.TRUST_ANCHOR, own.issuingKey(),
                (double) now.minus(TrustLimits.BACKDATE).toEpochMilli(),
                (double) now.plus(TrustLimits.ANCHOR_LIFE).toEpochMilli(), List.of());
    }
}
