package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.store.PartitionId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A join token as it is stored: what it is good for, and the digest of its secret.
 *
 * @param id
 *            {@code jt_} and 24 digits of hex, of which the first four are the partition
 * @param terms
 *            for whom and what
 * @param secretHash
 *            SHA-256 of the secret's characters, 64 digits of hex
 * @param expiresAt
 *            the last instant at which it can be used, in whole milliseconds
 * @param requestId
 *            of the request that made it
 * @param badTries
 *            wrong secrets so far
 */
record JoinToken(String id, Terms terms, String secretHash, Instant expiresAt, String requestId, int badTries) {

    /**
     * What a join token is good for.
     *
     * @param role
     *            of the certificate
     * @param binding
     *            of the certificate, 1 to 256 characters
     * @param subjectId
     *            of the certificate; null leaves it to the subject
     * @param enrolment
     *            what the issuer vouches for
     */
    record Terms(Role role, String binding, @Nullable String subjectId, Enrolment enrolment) {

        JsonObject json() {
            return JsonObject.builder()
                    .put("role", role.text())
                    .put("binding", binding)
                    .put("subject_id", subjectId)
                    .put("enrolment", enrolment.json())
                    .build();
        }

        static @Nullable Terms fromJson(@Nullable JsonObject json) {
            Role role = json == null ? null : Role.fromText(json.string("role"));
            String binding = json == null ? null : json.string("binding");
            Enrolment enrolment = json == null ? null : Enrolment.fromJson(json.object("enrolment"));
            return json == null || role == null || binding == null || enrolment == null ? null
                    : new Terms(role, binding, json.string("subject_id"), enrolment);
        }
    }

    /**
     * A token as its bearer writes it, {@code ID.SECRET}.
     *
     * @param id
     *            see {@link JoinToken#id}
     * @param secret
     *            43 characters of base64url: 256 bits
     */
    record Written(String id, String secret) {

        private static final Pattern FORM = Pattern.compile("(jt_[0-9a-f]{24})\\.([A-Za-z0-9_-]{43})");

        /** What that text is, or null when it is no token. */
        static @Nullable Written parse(String text) {
            Matcher matcher = FORM.matcher(text);
            return matcher.matches() ? new Written(matcher.group(1), matcher.group(2)) : null;
        }

        static Written random(PartitionId partition, NonceSource nonces) {
            return new Written("jt_" + partition + HexText.encode(nonces.bytes(10)),
                    Base64.getUrlEncoder().withoutPadding().encodeToString(nonces.bytes(32)));
        }

        PartitionId partition() {
            return PartitionId.parse(id.substring(3, 7));
        }

        String secretHash() {
            return HexText.encode(Digest.sha256(secret.getBytes(StandardCharsets.US_ASCII)));
        }

        /** The secret is for its bearer's eyes. */
        @Override
        public String toString() {
            return id;
        }
    }

    /** Whether that is the digest of the secret; takes the same time whatever it is. */
    boolean hasSecret(String hash) {
        return MessageDigest.isEqual(secretHash.getBytes(StandardCharsets.US_ASCII),
                hash.getBytes(StandardCharsets.US_ASCII));
    }

    /** After one more wrong secret; null when that burns it. */
    @Nullable
    JoinToken afterBadTry() {
        return badTries + 1 >= IssuanceLimits.JOIN_TOKEN_BAD_TRIES ? null
                : new JoinToken(id, terms, secretHash, expiresAt, requestId, badTries + 1);
    }

    /** The first instant at which its row is gone. */
    Instant rowExpiry() {
        return expiresAt.plusMillis(1);
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("id", id)
                .put("terms", terms.json())
                .put("secret_hash", secretHash)
                .put("expires_at", (double) expiresAt.toEpochMilli())
                .put("request_id", requestId)
                .put("bad_tries", badTries)
                .build();
    }

    static @Nullable JoinToken fromJson(JsonObject json) {
        String id = json.string("id");
        Terms terms = Terms.fromJson(json.object("terms"));
        String hash = json.string("secret_hash");
        Double expiresAt = json.number("expires_at");
        String requestId = json.string("request_id");
        Double badTries = json.number("bad_tries");
        return id == null || terms == null || hash == null || expiresAt == null || requestId == null || badTries == null
                ? null
                : new JoinToken(id, terms, hash, Instant.ofEpochMilli(expiresAt.longValue()), requestId,
                        badTries.intValue());
    }
}
