package io.agentpassport.client;

import io.agentpassport.proto.v1.Policy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of a policy as its service keeps it. It never changes.
 *
 * @param version 1 for the first that was put, then one more each
 * @param text the document as it was written; null in lists
 * @param digest {@code sha256:HEX} of the text
 * @param inForce whether it is the newest, which judges calls
 * @param shadow whether it only watches
 * @param createdBy the name of an admin, or {@code file:} and the name of a watched file
 * @param reason why it was put; may be empty
 */
public record PolicyRecord(String id, long version, @Nullable String text, String digest, boolean inForce,
        boolean shadow, Instant createdAt, String createdBy, String reason) {

    static PolicyRecord of(Policy message) {
        return new PolicyRecord(message.getPolicy().getPolicyId(), message.getPolicy().getVersion(),
                message.hasDocument() ? message.getDocument().getText().toString(StandardCharsets.UTF_8) : null,
                message.getDocumentDigest(), message.getInForce(), message.getShadow(),
                WireValues.instant(message.getCreatedAt()), message.getCreatedBy(), message.getReason());
    }
}
