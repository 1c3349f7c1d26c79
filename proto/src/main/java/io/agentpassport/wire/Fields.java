package io.agentpassport.wire;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.session.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of single fields; a field's path comes first, and what fails leaves by {@link Malformed}. */
final class Fields {

    private Fields() {}

    /** A text that must be there. */
    static String text(String field, String value, int maxChars) {
        if (value.isEmpty()) {
            throw Malformed.field(field, "is required");
        }
        return optionalText(field, value, maxChars);
    }

    /** A text that may be empty. */
    static String optionalText(String field, String value, int maxChars) {
        if (value.length() > maxChars) {
            throw Malformed.field(field, "must have at most " + maxChars + " characters, not " + value.length());
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw Malformed.field(field, "must not contain control characters");
        }
        return value;
    }

    /** A text that selects, or null for the empty one, which selects everything. */
    static @Nullable String filter(String field, String value, int maxChars) {
        return value.isEmpty() ? null : optionalText(field, value, maxChars);
    }

    /** A list of texts. */
    static List<String> texts(String field, List<String> values, int maxValues, int maxChars) {
        atMost(field, values, maxValues);
        for (int i = 0; i < values.size(); i++) {
            text(field + "[" + i + "]", values.get(i), maxChars);
        }
        return List.copyOf(values);
    }

    static void atMost(String field, List<?> values, int maxValues) {
        if (values.size() > maxValues) {
            throw Malformed.field(field, "must have at most " + maxValues + " elements, not " + values.size());
        }
    }

    static RequestId requestId(String value) {
        if (!RequestId.isRequestId(value)) {
            throw Malformed.field("request_id", "is required and matches [A-Za-z0-9._:-]{1,64}");
        }
        return new RequestId(value);
    }

    static PartitionName partition(String field, String value) {
        if (!PartitionName.isName(value)) {
            throw Malformed.field(field, "is required, 4 digits of lower-case hex, as it came with the id");
        }
        return new PartitionName(value);
    }

    static CertificateId certificateId(String field, String value) {
        CertificateId id = CertificateId.fromText(value);
        if (id == null) {
            throw Malformed.field(field, "is required, sha256: and 64 digits of lower-case hex");
        }
        return id;
    }

    static SessionId sessionId(String field, String value) {
        SessionId id = SessionId.fromText(value);
        if (id == null) {
            throw Malformed.field(field, "is required, sha256: and 64 digits of lower-case hex");
        }
        return id;
    }

    static PublicKey publicKey(String field, String value) {
        PublicKey key = PublicKey.fromHex(value);
        if (key == null) {
            throw Malformed.field(field, "is required, 64 digits of lower-case hex");
        }
        return key;
    }

    /** A key, or null for the empty text. */
    static @Nullable PublicKey optionalPublicKey(String field, String value) {
        return value.isEmpty() ? null : publicKey(field, value);
    }

    static PageRequest page(int size, String token) {
        if (size < 0 || size > Limits.MAX_PAGE_SIZE) {
            throw Malformed.field("page_size", "must be 0 to " + Limits.MAX_PAGE_SIZE + ", not " + size);
        }
        return new PageRequest(size == 0 ? Limits.DEFAULT_PAGE_SIZE : size,
                optionalText("page_token", token, Limits.TOKEN_CHARS));
    }
}
