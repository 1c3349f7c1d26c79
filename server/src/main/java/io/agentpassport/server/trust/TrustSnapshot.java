package io.agentpassport.server.trust;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.core.trust.VerifiedTrustBundle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom the service believes at a moment: the union of our own anchors and the bundles of all publishers. Immutable, for
 * any number of threads; a check of one answer never mixes two of them. Nothing in it depends on the clock: what ends by
 * itself is judged at the instant that is asked about.
 */
public final class TrustSnapshot {

    private final TrustState state;
    private final long version;
    private final TrustAnchors anchors;
    private final List<Publisher> publishers;
    private final List<KnownAnchor> knownAnchors;
    private final Map<PublicKey, KnownAnchor> byKey;

    private TrustSnapshot(TrustState state, long version, List<Publisher> publishers, List<KnownAnchor> knownAnchors,
            Map<PublicKey, KnownAnchor> byKey, TrustAnchors anchors) {
        this.state = state;
        this.version = version;
        this.publishers = publishers;
        this.knownAnchors = knownAnchors;
        this.byKey = byKey;
        this.anchors = anchors;
    }

    static TrustSnapshot of(TrustState state, long version) {
        List<Publisher> publishers = state.publishers()
                .values()
                .stream()
                .sorted(Comparator.comparing((Publisher publisher) -> !publisher.own())
                        .thenComparing(Publisher::issuerDomain))
                .toList();
        List<KnownAnchor> known = new ArrayList<>();
        Map<PublicKey, KnownAnchor> byKey = new HashMap<>();
        TrustAnchors.Builder anchors = TrustAnchors.builder();
        for (Publisher publisher : publishers) {
            BundleInForce bundle = state.bundles().get(publisher.key());
            Set<CertificateId> revoked = publisher.own() ? Set.copyOf(state.revocations().keySet())
                    : bundle == null ? Set.of() : bundle.bundle().revokedCertificates();
            for (KnownAnchor anchor : listed(state, publisher, bundle)) {
                known.add(anchor);
                byKey.merge(anchor.key(), anchor, (first, next) -> !first.revoked() && next.revoked() ? next : first);
                anchors.add(anchor.inForce(), anchor.revoked(), revoked);
            }
        }
        return new TrustSnapshot(state, version, publishers, List.copyOf(known), byKey, anchors.build());
    }

    private static List<KnownAnchor> listed(TrustState state, Publisher publisher, @Nullable BundleInForce bundle) {
        if (publisher.own()) {
            return state.anchors()
                    .values()
                    .stream()
                    .map(own -> new KnownAnchor(own.anchor(), own.anchor().json(), publisher, own.revoked() != null,
                            Double.POSITIVE_INFINITY))
                    .toList();
        }
        return bundle == null ? List.of() : listed(publisher, bundle.bundle());
    }

    private static List<KnownAnchor> listed(Publisher publisher, VerifiedTrustBundle bundle) {
        List<KnownAnchor> listed = new ArrayList<>();
        if (bundle.json().get("anchors") instanceof JsonArray documents) {
            for (JsonValue value : documents.values()) {
                TrustAnchor anchor = value instanceof JsonObject document ? TrustAnchor.fromJson(document) : null;
                if (anchor != null) {
                    listed.add(new KnownAnchor(anchor, (JsonObject) value, publisher,
                            bundle.revokedAnchors().contains(anchor.anchorId()), bundle.refreshAfterMillis()));
                }
            }
        }
        return listed;
    }

    /**
     * The anchors in force: ask them about a certificate at an instant. Foreign ones are clamped to the use of their bundle
     * and to what their publisher may certify here.
     */
    public TrustAnchors anchors() {
        return anchors;
    }

    /** The issuer domain that an issuer key speaks for, or null when no anchor has it. */
    public @Nullable String issuerDomainOf(PublicKey issuerKey) {
        KnownAnchor anchor = byKey.get(issuerKey);
        return anchor == null ? null : anchor.publisher().issuerDomain();
    }

    /** The anchor of a key, whatever its state, or null. */
    public @Nullable KnownAnchor anchorOf(PublicKey issuerKey) {
        return byKey.get(issuerKey);
    }

    /** Whether we revoked this certificate of ours; what others revoked of theirs is {@link #anchors} to say. */
    public boolean isRevoked(CertificateId certificate) {
        return state.revocations().containsKey(certificate);
    }

    /** Our revocation of a certificate whose life is not over, or null. */
    public @Nullable Revocation revocationOf(CertificateId certificate) {
        return state.revocations().get(certificate);
    }

    /** Grows by one with every snapshot of this process; two of one version are the same. */
    public long version() {
        return version;
    }

    /** Who is believed, our own first. */
    public List<Publisher> publishers() {
        return publishers;
    }

    /** The publisher with this key, or null. */
    public @Nullable Publisher publisherOf(PublicKey key) {
        return state.publishers().get(key);
    }

    /** The bundle of a publisher, in force or past its use, or null when none was imported. */
    public @Nullable BundleInForce bundleOf(PublicKey publisher) {
        return state.publishers().containsKey(publisher) ? state.bundles().get(publisher) : null;
    }

    /** All anchors, our own first. */
    public List<KnownAnchor> knownAnchors() {
        return knownAnchors;
    }

    /** An anchor of our own, or null. */
    public @Nullable OwnAnchor ownAnchor(String anchorId) {
        return state.anchors().get(anchorId);
    }

    /** Whether a bundle is to be believed by the publishers that the service believes. */
    public TrustBundle.Verdict verify(TrustBundle bundle, Instant now) {
        Set<String> keys = new HashSet<>();
        publishers.forEach(publisher -> keys.add(publisher.key().hex()));
        return bundle.verify(keys, (double) now.toEpochMilli());
    }

    TrustState state() {
        return state;
    }
}
