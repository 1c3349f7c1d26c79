package io.agentpassport.server.trust;

import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.Rejected;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Rows;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Takes in a publisher's newer bundle. */
public final class ImportBundle {

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.TRUST_BUNDLE);

    private ImportBundle() {}

    /** What came of it. */
    public sealed interface Outcome {}

    /**
     * It is in force.
     *
     * @param changed
     *            false when these very bytes were in force already
     */
    public record Imported(Publisher publisher, BundleInForce bundle, boolean changed) implements Outcome {}

    /** It is not JSON as we take it. */
    public record Malformed(Rejected rejected) implements Outcome {}

    /** It is not to be believed. */
    public record Invalid(TrustBundle.Invalid reason) implements Outcome {}

    /** It is our own: we alone publish it. */
    public record IsOwn() implements Outcome {}

    /** A newer one, or another one of the same instant, is or was in force. */
    public record Rollback(double issuedAtMillis, double floorMillis) implements Outcome {}

    /** Another publisher lists the key of one of its anchors. */
    public record AnchorConflict(String anchorId, PublicKey otherPublisher) implements Outcome {}

    /** The key of one of its anchors could stand for somebody else's. */
    public record WeakAnchorKey(String anchorId) implements Outcome {}

    /** It lists more anchors than we take, or one with a name that is too long. */
    public record TooMuch(String problem) implements Outcome {}

    /** What is believed of the bytes by themselves; this is the slow part, and any thread's. */
    sealed interface Checked {
        /** It can be decided about. */
        record Good(BundleInForce bundle) implements Checked {}

        /** It cannot. */
        record Bad(Outcome outcome) implements Checked {}
    }

    static Checked check(byte[] bytes, TrustSnapshot on, OwnIssuer own, Instant now, TrustLimits limits) {
        JsonParser.Outcome parsed = PARSER.parse(bytes);
        if (parsed instanceof Rejected rejected) {
            return new Checked.Bad(new Malformed(rejected));
        }
        TrustBundle received = new TrustBundle(((JsonParser.Parsed) parsed).object());
        return switch (on.verify(received, now)) {
            case TrustBundle.Invalid invalid -> new Checked.Bad(new Invalid(invalid));
            case TrustBundle.Valid valid -> {
                BundleInForce bundle = BundleInForce.of(bytes, valid.bundle());
                Outcome fault = faultOfAnchors(bundle, own, limits);
                yield fault == null ? new Checked.Good(bundle) : new Checked.Bad(fault);
            }
        };
    }

    private static @Nullable Outcome faultOfAnchors(BundleInForce bundle, OwnIssuer own,
            TrustLimits limits) {
        if (bundle.bundle().anchors().size() > limits.anchorsPerBundle()) {
            return new TooMuch("a bundle may list " + limits.anchorsPerBundle() + " anchors, this one lists "
                    + bundle.bundle().anchors().size() + ": ask its publisher for a smaller one");
        }
        for (TrustAnchor anchor : bundle.bundle().anchors()) {
            if (anchor.anchorId().length() > TrustLimits.MAX_NAME_CHARACTERS) {
                return new TooMuch("an anchor id may have 256 characters: ask the publisher for a shorter one");
            }
            if (anchor.key().equals(own.logKey())) {
                // What the log key signs are checkpoints, and nobody shall take one for a certificate.
                return new AnchorConflict(anchor.anchorId(), own.publisherKey());
            }
            if (!Ed25519.isInPrimeOrderSubgroup(anchor.key())) {
                return new WeakAnchorKey(anchor.anchorId());
            }
        }
        return null;
    }

    static Outcome decide(BundleInForce bundle, TrustSnapshot on, Rows rows) {
        PublicKey key = bundle.bundle().publisherKey();
        Publisher publisher = on.publisherOf(key);
        if (publisher == null) {
            return new Invalid(TrustBundle.Invalid.UNTRUSTED_PUBLISHER);
        }
        BundleInForce standing = on.bundleOf(key);
        if (standing != null && standing.digest().equals(bundle.digest())) {
            return new Imported(publisher, standing, false);
        }
        if (publisher.own()) {
            return new IsOwn();
        }
        Floor floor = on.state().floors().get(key);
        if (floor != null && !floor.admits(bundle)) {
            return new Rollback(bundle.bundle().issuedAtMillis(), floor.issuedAtMillis());
        }
        for (TrustAnchor anchor : bundle.bundle().anchors()) {
            KnownAnchor other = on.anchorOf(anchor.key());
            if (other != null && !other.publisher().key().equals(key)) {
                return new AnchorConflict(anchor.anchorId(), other.publisher().key());
            }
        }
        rows.put(TrustRows.BUNDLES, key, bundle);
        rows.put(TrustRows.FLOORS, key, bundle.floor());
        TrustRows.restructured(rows);
        AuditLog.append(rows, TrustEntries.bundleImported(publisher, bundle));
        return new Imported(publisher, bundle, true);
    }
}
