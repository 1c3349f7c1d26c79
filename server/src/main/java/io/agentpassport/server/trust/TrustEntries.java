package io.agentpassport.server.trust;

import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.audit.EntryDraft;

/** What trust writes in the log of the service partition. */
final class TrustEntries {

    private static final String PUBLISHER = "publisher_pubkey_hex";

    private TrustEntries() {}

    static EntryDraft publisherAdded(Publisher publisher) {
        return EntryDraft.open("publisher_added", JsonObject.builder()
                .put(PUBLISHER, publisher.key().hex())
                .put("issuer_domain", publisher.issuerDomain())
                .put("allowed_bindings", publisher.allowedBindings())
                .put("own", JsonBoolean.of(publisher.own()))
                .build());
    }

    static EntryDraft publisherRemoved(Publisher publisher, String requestId) {
        return EntryDraft.open("publisher_removed", JsonObject.builder()
                .put(PUBLISHER, publisher.key().hex())
                .put("issuer_domain", publisher.issuerDomain())
                .put("request_id", requestId)
                .build());
    }

    static EntryDraft bundleImported(Publisher publisher, BundleInForce bundle) {
        return EntryDraft.open("bundle_imported", JsonObject.builder()
                .put(PUBLISHER, publisher.key().hex())
                .put("issuer_domain", publisher.issuerDomain())
                .put("bundle_id", bundle.bundle().bundleId())
                .put("bundle_digest", bundle.digest())
                .build());
    }

    static EntryDraft anchorAdded(OwnAnchor anchor) {
        return EntryDraft.open("anchor_added", JsonObject.builder()
                .put("anchor_id", anchor.anchor().anchorId())
                .put("anchor_pubkey_hex", anchor.anchor().key().hex())
                .build());
    }

    static EntryDraft anchorRevoked(RevokeAnchor revoked) {
        return EntryDraft.open("anchor_revoked", JsonObject.builder()
                .put("anchor_id", revoked.anchorId())
                .put("reason", revoked.reason())
                .build());
    }

    static EntryDraft certificateRevoked(RevokeCertificate revoked) {
        return EntryDraft.open("certificate_revoked", JsonObject.builder()
                .put("certificate_id", revoked.certificate().text())
                .put("reason", revoked.reason())
                .put("not_after", (double) revoked.notAfter().toEpochMilli())
                .build());
    }
}
