package io.agentpassport.wire;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.core.toolcall.ToolName;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of single fields; a field's path comes first, and what fails leaves by {@link Malformed}. */
final class Fields {

    static final String GRANT = ToolCall.GRANT_PREFIX;
    static final String BUDGET_SESSION = ToolCall.BUDGET_SESSION_PREFIX;
    static final String APPROVAL = "appr_";
    static final String RESERVATION = "rsv_";

    private static final int PLACED_ID_DIGITS = 24;
    private static final long MAX_INDEX = (1L << 53) - 1;
    private static final Pattern POLICY_ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

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

    /** An id that the service chose: the prefix, 4 digits of partition, 20 of randomness. */
    static String placedId(String field, String prefix, String value) {
        boolean fits = value.length() == prefix.length() + PLACED_ID_DIGITS && value.startsWith(prefix)
                && HexText.isLowerCase(value.substring(prefix.length()));
        if (!fits) {
            throw Malformed.field(field, "is required, " + prefix + " and 24 digits of lower-case hex");
        }
        return value;
    }

    /** Such an id, or null for the empty text. */
    static @Nullable String optionalPlacedId(String field, String prefix, String value) {
        return value.isEmpty() ? null : placedId(field, prefix, value);
    }

    static String policyId(String field, String value) {
        if (!POLICY_ID.matcher(value).matches()) {
            throw Malformed.field(field, "is required and matches " + POLICY_ID);
        }
        return value;
    }

    static String upstream(String field, String value) {
        if (!ToolName.isUpstream(value)) {
            throw Malformed.field(field, "is required and matches [a-z0-9][a-z0-9-]{0,63}");
        }
        return value;
    }

    /** The name that a tool has at its upstream. */
    static String bareTool(String field, String value) {
        if (!ToolName.isName(value)) {
            throw Malformed.field(field, "is required and matches [A-Za-z0-9_.-]{1,128}");
        }
        return value;
    }

    static ToolName tool(String field, String value) {
        ToolName tool = ToolName.fromText(value);
        if (tool == null) {
            throw Malformed.field(field, "is required, upstream/name or a bare name of A-Z a-z 0-9 _ . -");
        }
        return tool;
    }

    static String sha256(String field, String value) {
        if (!Digest.isSha256Text(value)) {
            throw Malformed.field(field, "is required, sha256: and 64 digits of lower-case hex");
        }
        return value;
    }

    static Identity identity(String field, io.agentpassport.proto.v1.Identity value) {
        return new Identity(text(field + ".issuer_domain", value.getIssuerDomain(), Limits.NAME_CHARS),
                text(field + ".binding", value.getBinding(), Limits.NAME_CHARS));
    }

    /** An amount that is not negative. */
    static Money money(String field, io.agentpassport.proto.v1.Money value) {
        Decimal amount = Decimal.fromText(value.getAmount());
        if (amount == null || amount.sign() < 0) {
            throw Malformed.field(field + ".amount", "must be a decimal that is not negative, with at most "
                    + Decimal.MAX_INTEGER_DIGITS + " digits before the point and " + Decimal.MAX_FRACTION_DIGITS
                    + " after it");
        }
        if (!Money.isCurrency(value.getCurrency())) {
            throw Malformed.field(field + ".currency", "must be 3 to 8 capital letters");
        }
        return new Money(amount, value.getCurrency());
    }

    /** An amount that is more than nothing. */
    static Money moreThanNothing(String field, io.agentpassport.proto.v1.Money value) {
        Money money = money(field, value);
        if (money.amount().sign() == 0) {
            throw Malformed.field(field + ".amount", "must be more than 0");
        }
        return money;
    }

    /** A place in a log or ledger, or a size. */
    static long index(String field, long value, long least) {
        if (value < least || value > MAX_INDEX) {
            throw Malformed.field(field, "must be " + least + " to 2^53-1");
        }
        return value;
    }
}
