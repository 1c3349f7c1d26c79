package io.agentpassport.server.trust;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchorState;
import java.time.Instant;

/**
 * An anchor that the service knows, by its own row or by a publisher's bundle.
 *
 * @param anchor
 *            as listed: what counts may be narrower, see {@link #inForce}
 * @param document
 *            the same, as its publisher wrote it
 * @param publisher
 *            who lists it
 * @param revoked
 *            whether its publisher revoked it
 * @param usableUntilMillis
 *            until when its bundle may be used, unix milliseconds; infinite for our own
 */
public record KnownAnchor(TrustAnchor anchor, JsonObject document, Publisher publisher, boolean revoked,
        double usableUntilMillis) {

    /** How it stands. */
    public TrustAnchorState state(Instant now) {
        if (revoked) {
            return TrustAnchorState.REVOKED;
        }
        return (double) now.toEpochMilli() > usableUntilMillis ? TrustAnchorState.STALE : TrustAnchorState.IN_FORCE;
    }

    PublicKey key() {
        return anchor.key();
    }

    /** What counts of it: its life ends with its bundle's use, its bindings are those its publisher may certify here. */
    TrustAnchor inForce() {
        if (publisher.own()) {
            return anchor;
        }
        Double notAfter = anchor.notAfterMillis();
        return new TrustAnchor(anchor.anchorId(), anchor.displayName(), anchor.role(), anchor.key(),
                anchor.notBeforeMillis(), notAfter == null ? null : Math.min(notAfter, usableUntilMillis),
                BindingConstraints.both(anchor.bindingConstraints(), publisher.allowedBindings()));
    }
}
