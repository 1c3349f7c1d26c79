package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.JsonCodec;
import io.agentpassport.server.store.Keyspace;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What issuance keeps in the partition of each identity; the service's own certificates are in the service partition. */
public final class IssuanceRows {

    /** Join tokens that can be used, by id. */
    static final Keyspace<String, JoinToken> JOIN_TOKENS = new Keyspace<String, JoinToken>(10, "join_tokens",
            Codec.text(),
            JsonCodec.of(JoinToken::json, JoinToken::fromJson)).brief();

    /** Certificates, until some time after their life. */
    static final Keyspace<CertificateId, IssuedCertificate> CERTIFICATES = new Keyspace<>(11, "certificates",
            Codec.of(id -> Digest.bytesOf(id.text()), bytes -> new CertificateId(Digest.text(bytes))),
            JsonCodec.of(IssuedCertificate::json, IssuedCertificate::fromJson));

    /** The same, newest first, with what a list filters by. */
    static final Keyspace<Place, Brief> CERTIFICATES_BY_TIME = new Keyspace<Place, Brief>(12, "certificates_by_time",
            Codec.of(Place::encode, Place::decode), JsonCodec.of(Brief::json, Brief::fromJson)).unread();

    /** Who was ever enrolled, by the hash of the identity. */
    static final Keyspace<String, Enrolled> IDENTITIES = new Keyspace<>(13, "identities", Codec.text(),
            JsonCodec.of(Enrolled::json, Enrolled::fromJson));

    /** What certificate a proof got, by the digest of the proof and the right it was shown with. */
    static final Keyspace<String, Answered> PROOFS = new Keyspace<String, Answered>(14, "issuance_proofs", Codec.text(),
            JsonCodec.of(Answered::json, Answered::fromJson)).brief();

    /** What became of requests for join tokens, by request id. */
    static final Keyspace<String, TokenRequest> REQUESTS = new Keyspace<String, TokenRequest>(15, "join_token_requests",
            Codec.text(),
            JsonCodec.of(TokenRequest::json, TokenRequest::fromJson)).brief();

    /** All of them, for the service's list. */
    public static final List<Keyspace<?, ?>> ALL = List.of(JOIN_TOKENS, CERTIFICATES, CERTIFICATES_BY_TIME, IDENTITIES,
            PROOFS, REQUESTS);

    private IssuanceRows() {}

    /** Puts a certificate where it is found by id and by time. */
    static void put(Rows rows, IssuedCertificate issued) {
        rows.put(CERTIFICATES, issued.id(), issued, issued.keptUntil());
        rows.put(CERTIFICATES_BY_TIME, new Place(issued.issuedAt(), issued.id()),
                new Brief(issued.binding(), issued.role()), issued.keptUntil());
    }

    /**
     * The place of a certificate in its partition's list: the newest first.
     *
     * @param issuedAt
     *            in whole milliseconds
     */
    record Place(Instant issuedAt, CertificateId id) {

        static final int BYTES = Long.BYTES + 32;

        byte[] encode() {
            return ByteBuffer.allocate(BYTES)
                    .putLong(Long.MAX_VALUE - issuedAt.toEpochMilli())
                    .put(Digest.bytesOf(id.text()))
                    .array();
        }

        static Place decode(byte[] bytes) {
            if (bytes.length != BYTES) {
                throw new IllegalArgumentException("a place has " + BYTES + " bytes, not " + bytes.length);
            }
            ByteBuffer in = ByteBuffer.wrap(bytes);
            Instant issuedAt = Instant.ofEpochMilli(Long.MAX_VALUE - in.getLong());
            byte[] digest = new byte[32];
            in.get(digest);
            return new Place(issuedAt, new CertificateId(Digest.text(digest)));
        }
    }

    /** What a list looks at first. */
    record Brief(String binding, Role role) {

        JsonObject json() {
            return JsonObject.builder().put("binding", binding).put("role", role.text()).build();
        }

        static @Nullable Brief fromJson(JsonObject json) {
            String binding = json.string("binding");
            Role role = Role.fromText(json.string("role"));
            return binding == null || role == null ? null : new Brief(binding, role);
        }
    }

    /**
     * An identity that was enrolled.
     *
     * @param principal
     *            who is answerable for it, as the newest enrolment says
     * @param since
     *            when it was enrolled first
     */
    record Enrolled(String issuerDomain, String binding, String principal, Instant since) {

        JsonObject json() {
            return JsonObject.builder()
                    .put("issuer_domain", issuerDomain)
                    .put("binding", binding)
                    .put("principal", principal)
                    .put("since", (double) since.toEpochMilli())
                    .build();
        }

        static @Nullable Enrolled fromJson(JsonObject json) {
            String issuerDomain = json.string("issuer_domain");
            String binding = json.string("binding");
            String principal = json.string("principal");
            Double since = json.number("since");
            return issuerDomain == null || binding == null || principal == null || since == null ? null
                    : new Enrolled(issuerDomain, binding, principal, Instant.ofEpochMilli(since.longValue()));
        }
    }

    /** A proof that was answered. */
    record Answered(CertificateId certificate) {

        JsonObject json() {
            return JsonObject.builder().put("certificate_id", certificate.text()).build();
        }

        static @Nullable Answered fromJson(JsonObject json) {
            CertificateId id = CertificateId.fromText(json.string("certificate_id"));
            return id == null ? null : new Answered(id);
        }
    }

    /**
     * A request for a join token that was answered.
     *
     * @param digest
     *            of all that was asked for
     * @param tokenId
     *            the token that stands for it
     * @param used
     *            whether that token was used
     */
    record TokenRequest(String digest, String tokenId, boolean used) {

        TokenRequest asUsed() {
            return new TokenRequest(digest, tokenId, true);
        }

        JsonObject json() {
            return JsonObject.builder()
                    .put("digest", digest)
                    .put("token_id", tokenId)
                    .put("used", used ? "yes" : "no")
                    .build();
        }

        static @Nullable TokenRequest fromJson(JsonObject json) {
            String digest = json.string("digest");
            String tokenId = json.string("token_id");
            String used = json.string("used");
            return digest == null || tokenId == null || used == null ? null
                    : new TokenRequest(digest, tokenId, used.equals("yes"));
        }
    }
}
