package io.agentpassport.core.trust;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.PublicKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The anchors in force, by key, with what has been revoked of them and of their certificates. Immutable, so any number
 * of threads can ask the same snapshot.
 */
public final class TrustAnchors {

    /** Trusts nobody. */
    public static final TrustAnchors NONE = builder().build();

    private final Map<PublicKey, Entry> byKey;

    private TrustAnchors(Map<PublicKey, Entry> byKey) {
        this.byKey = byKey;
    }

    private record Entry(TrustAnchor anchor, boolean revoked, Set<CertificateId> revokedCertificates) {}

    /** Collects anchors. */
    public static Builder builder() {
        return new Builder();
    }

    /** These anchors, of which those whose id is listed are revoked. */
    public static TrustAnchors of(Collection<TrustAnchor> anchors, Set<String> revokedAnchorIds) {
        Builder builder = builder();
        for (TrustAnchor anchor : anchors) {
            builder.add(anchor, revokedAnchorIds.contains(anchor.anchorId()), Set.of());
        }
        return builder.build();
    }

    /** What the check of an anchor answers: {@link Trusted} or {@link Untrusted}. */
    public sealed interface Verdict permits Trusted, Untrusted {}

    /** The anchor vouches for the certificate. */
    public record Trusted(TrustAnchor anchor) implements Verdict {}

    /**
     * It does not.
     *
     * @param anchor the anchor that was found; null when there is none, or it is of another role or not alive
     */
    public record Untrusted(Reason reason, @Nullable TrustAnchor anchor) implements Verdict {}

    /** Why an anchor does not vouch for a certificate, in the order of the checks. */
    public enum Reason {
        /** No anchor has the issuer's key; or it has another role than the certificate says; or it is not alive. */
        UNKNOWN_ISSUER,
        /** The anchor was revoked. */
        REVOKED_ANCHOR,
        /** The anchor may not vouch for this binding. */
        BINDING_MISMATCH,
        /** The certificate itself was revoked by its issuer. */
        REVOKED_CERTIFICATE
    }

    /** Checks a certificate's issuer, of which only the key, role and binding are read; the anchor's life is not. */
    public Verdict check(Certificate certificate) {
        Entry entry = entryOf(certificate.json().string("issuer_pubkey_hex"));
        String binding = certificate.json().string("binding");
        return check(entry, binding, Role.fromText(certificate.json().string("issuer_role")));
    }

    /**
     * Checks a verified certificate's issuer at an instant, and whether the certificate was revoked.
     *
     * @param nowMillis unix milliseconds
     */
    public Verdict checkAt(VerifiedCertificate certificate, double nowMillis) {
        Entry entry = byKey.get(certificate.issuerKey());
        Verdict verdict = check(entry, certificate.binding(), certificate.issuerRole());
        if (entry == null || verdict instanceof Untrusted) {
            return verdict;
        }
        if (!entry.anchor.isAliveAt(nowMillis)) {
            return new Untrusted(Reason.UNKNOWN_ISSUER, null);
        }
        if (entry.revokedCertificates.contains(certificate.id())) {
            return new Untrusted(Reason.REVOKED_CERTIFICATE, entry.anchor);
        }
        return verdict;
    }

    /** The anchor of that key, or null when none is in force. */
    public @Nullable TrustAnchor anchorOf(PublicKey issuerKey) {
        Entry entry = byKey.get(issuerKey);
        return entry == null ? null : entry.anchor;
    }

    private @Nullable Entry entryOf(@Nullable String issuerKeyHex) {
        PublicKey key = PublicKey.fromHex(issuerKeyHex);
        return key == null ? null : byKey.get(key);
    }

    private static Verdict check(@Nullable Entry entry, @Nullable String binding, @Nullable Role issuerRole) {
        if (entry == null) {
            return new Untrusted(Reason.UNKNOWN_ISSUER, null);
        }
        if (entry.revoked) {
            return new Untrusted(Reason.REVOKED_ANCHOR, entry.anchor);
        }
        if (binding == null || !entry.anchor.permits(binding)) {
            return new Untrusted(Reason.BINDING_MISMATCH, entry.anchor);
        }
        if (entry.anchor.role() == null || entry.anchor.role() != issuerRole) {
            return new Untrusted(Reason.UNKNOWN_ISSUER, null);
        }
        return new Trusted(entry.anchor);
    }

    /** Anchors on their way into a snapshot. */
    public static final class Builder {
        private final Map<PublicKey, Entry> byKey = new HashMap<>();

        private Builder() {}

        /** Adds an anchor. Of two with one key a revoked one decides, otherwise the first. */
        public Builder add(TrustAnchor anchor, boolean revoked, Set<CertificateId> revokedCertificates) {
            var entry = new Entry(anchor, revoked, Set.copyOf(revokedCertificates));
            byKey.merge(anchor.key(), entry, (first, next) -> !first.revoked && next.revoked ? next : first);
            return this;
        }

        /** The snapshot. */
        public TrustAnchors build() {
            return new TrustAnchors(Map.copyOf(byKey));
        }
    }
}
