package io.agentpassport.server.trust;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.Keyspace;
import java.util.List;
import java.util.Objects;

/** What trust keeps in the service partition. */
public final class TrustRows {

    private static final Codec<PublicKey> KEY = Codec.of(PublicKey::toByteArray, PublicKey::of);
    private static final Codec<CertificateId> CERTIFICATE = Codec.of(id -> Codec.text().encode(id.text()),
            bytes -> new CertificateId(Codec.text().decode(bytes)));

    /** Counts the changes of publishers, bundles and anchors: what was decided on an older count is decided again. */
    static final Keyspace<String, Long> STRUCTURE = new Keyspace<>(1, "trust_structure", Codec.text(), Codec.number());

    /** Who is believed, our own included, by key. */
    static final Keyspace<PublicKey, Publisher> PUBLISHERS = new Keyspace<>(2, "publishers", KEY,
            JsonCodec.of(Publisher::json, Publisher::fromJson));

    /** The newest bundle there ever was, by publisher. */
    static final Keyspace<PublicKey, Floor> FLOORS = new Keyspace<>(3, "bundle_floors", KEY,
            JsonCodec.of(Floor::json, Floor::fromJson));

    /** The bundle in force, by publisher. */
    static final Keyspace<PublicKey, BundleInForce> BUNDLES = new Keyspace<>(4, "bundles", KEY, BundleInForce.CODEC);

    /** Our own anchors, by id. */
    static final Keyspace<String, OwnAnchor> ANCHORS = new Keyspace<>(5, "own_anchors", Codec.text(),
            JsonCodec.of(OwnAnchor::json, OwnAnchor::fromJson));

    /** Our certificates that were revoked. */
    static final Keyspace<CertificateId, Revocation> REVOKED_CERTIFICATES = new Keyspace<>(6, "revoked_certificates",
            CERTIFICATE, JsonCodec.of(Revocation::json, Revocation::fromJson));

    /** Publishers that were removed, by request id. */
    static final Keyspace<String, Publisher> REMOVALS = new Keyspace<>(7, "publisher_removals", Codec.text(),
            JsonCodec.of(Publisher::json, Publisher::fromJson));

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(STRUCTURE, PUBLISHERS, FLOORS, BUNDLES, ANCHORS,
            REVOKED_CERTIFICATES, REMOVALS);

    /** The one key of {@link #STRUCTURE}. */
    static final String COUNT = "count";

    private TrustRows() {}

    static long structure(Rows rows) {
        return Objects.requireNonNullElse(rows.get(STRUCTURE, COUNT), 0L);
    }

    static void restructured(Rows rows) {
        rows.put(STRUCTURE, COUNT, structure(rows) + 1);
    }
}
