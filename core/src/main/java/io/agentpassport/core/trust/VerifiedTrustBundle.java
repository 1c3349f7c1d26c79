package io.agentpassport.core.trust;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A trust bundle signed by a publisher that is trusted, and in force when it was verified. */
public final class VerifiedTrustBundle {

    private final TrustBundle bundle;
    private final PublicKey publisherKey;
    private final String bundleId;
    private final double issuedAtMillis;
    private final double refreshAfterMillis;
    private final List<TrustAnchor> anchors;
    private final Set<String> revokedAnchors;
    private final Set<CertificateId> revokedCertificates;

    VerifiedTrustBundle(TrustBundle bundle, PublicKey publisherKey, String bundleId, double issuedAtMillis,
            double refreshAfterMillis, List<TrustAnchor> anchors, List<String> revokedAnchors,
            List<String> revokedCertificates) {
        this.bundle = bundle;
        this.publisherKey = publisherKey;
        this.bundleId = bundleId;
        this.issuedAtMillis = issuedAtMillis;
        this.refreshAfterMillis = refreshAfterMillis;
        this.anchors = List.copyOf(anchors);
        this.revokedAnchors = Set.copyOf(revokedAnchors);
        var ids = new HashSet<CertificateId>();
        for (String text : revokedCertificates) {
            CertificateId id = CertificateId.fromText(text);
            if (id != null) {
                ids.add(id);
            }
        }
        this.revokedCertificates = Set.copyOf(ids);
    }

    /** The document, whole and as it came. */
    public JsonObject json() {
        return bundle.json();
    }

    /** The key it is signed by. */
    public PublicKey publisherKey() {
        return publisherKey;
    }

    /** Its name. */
    public String bundleId() {
        return bundleId;
    }

    /** When it was issued, unix milliseconds. */
    public double issuedAtMillis() {
        return issuedAtMillis;
    }

    /** The last instant at which it may be used, unix milliseconds. */
    public double refreshAfterMillis() {
        return refreshAfterMillis;
    }

    /** The anchors it lists, without those that cannot vouch for anybody. */
    public List<TrustAnchor> anchors() {
        return anchors;
    }

    /** Ids of the anchors it revokes. */
    public Set<String> revokedAnchors() {
        return revokedAnchors;
    }

    /** Ids of the certificates it revokes. */
    public Set<CertificateId> revokedCertificates() {
        return revokedCertificates;
    }

    /** The anchors in force by this bundle alone. */
    public TrustAnchors trustAnchors() {
        TrustAnchors.Builder builder = TrustAnchors.builder();
        for (TrustAnchor anchor : anchors) {
            builder.add(anchor, revokedAnchors.contains(anchor.anchorId()), revokedCertificates);
        }
        return builder.build();
    }
}
