package io.agentpassport.core.toolcall;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.toolcall.ToolCall.Malformed;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads one statement, and keeps the first thing that is wrong with it. */
final class ToolCallReader {

    private static final Set<String> MEMBERS = Set.of("spec", "request_id", "agent_id", "session_id", "audience",
            "grant_id", "tool", "params", "scope_required", "spend", "budget_session_id", "issued_at", "salt");

    private final JsonObject statement;
    private @Nullable Malformed first;

    ToolCallReader(JsonObject statement) {
        this.statement = statement;
    }

    ToolCall.Parsing read() {
        if (!ToolCall.SPEC.equals(statement.string("spec"))) {
            return new Malformed("/spec", "is " + ToolCall.SPEC);
        }
        members();
        String requestId = text("request_id", TextForms::isRequestId, "is 1 to 64 of A-Z a-z 0-9 . _ : -");
        String agentId = text("agent_id", ToolCallReader::isPartyId, "is 1 to 256 characters");
        SessionId sessionId = SessionId.fromText(statement.string("session_id"));
        require(sessionId != null, "session_id", "is sha256: and 64 lower-case hex digits");
        String audience = text("audience", ToolCallReader::isPartyId, "is 1 to 256 characters");
        String grantId = textOrNull("grant_id", text -> TextForms.isId(text, ToolCall.GRANT_PREFIX),
                "is grant_ and 24 lower-case hex digits, or null");
        ToolName tool = ToolName.fromText(statement.string("tool"));
        require(tool != null, "tool", "is a name of 1 to 128 of A-Z a-z 0-9 _ . -, or upstream/name");
        JsonObject params = statement.object("params");
        require(params != null, "params", "is an object");
        if (params != null && first == null) {
            Malformed malformed = ArgumentRules.broken(params);
            first = malformed == null ? null : ArgumentRules.below("/params", malformed);
        }
        String scope = textOrNull("scope_required", TextForms::isScope,
                "is parts of A-Z a-z 0-9 _ . - with colons between, 1 to 128 characters, or null");
        Money spend = spend();
        String budgetSessionId = textOrNull("budget_session_id",
                text -> TextForms.isId(text, ToolCall.BUDGET_SESSION_PREFIX),
                "is sess_ and 24 lower-case hex digits, or null");
        long issuedAt = issuedAt();
        Nonce salt = Nonce.fromText(statement.string("salt"));
        require(salt != null, "salt", "is 16 bytes in base64");
        if (first != null) {
            return first;
        }
        if (requestId == null || agentId == null || sessionId == null || audience == null || tool == null
                || params == null || salt == null) {
            throw new IllegalStateException("a member is missing and nothing was said of it");
        }
        return new ToolCall.Parsed(ToolCall.read(statement, new UnsignedToolCall(requestId, agentId, sessionId,
                audience, grantId, tool, params, scope, spend, budgetSessionId, issuedAt, salt)));
    }

    private void members() {
        for (String member : MEMBERS) {
            if (!statement.has(member)) {
                // In canonical order, so that one document always gets one answer.
                if (first == null || first.path().compareTo("/" + member) > 0) {
                    first = new Malformed("/" + member, "is missing; what is unset is written as null");
                }
            }
        }
        for (int i = 0; i < statement.size(); i++) {
            require(MEMBERS.contains(statement.name(i)), statement.name(i), "is no member of a tool call");
        }
    }

    private static boolean isPartyId(String text) {
        return TextForms.isText(text, ToolCall.MAX_ID_CHARACTERS);
    }

    private @Nullable String text(String member, Predicate<String> form, String problem) {
        String text = statement.string(member);
        boolean fits = text != null && form.test(text);
        require(fits, member, problem);
        return fits ? text : null;
    }

    private @Nullable String textOrNull(String member, Predicate<String> form, String problem) {
        JsonValue value = statement.get(member);
        if (value == null || value == JsonNull.NULL) {
            return null;
        }
        require(value instanceof JsonString string && form.test(string.value()), member, problem);
        return value instanceof JsonString string ? string.value() : null;
    }

    private @Nullable Money spend() {
        if (statement.isUnset("spend")) {
            return null;
        }
        JsonObject object = statement.object("spend");
        Money spend = object == null ? null : Money.fromJson(object);
        require(spend != null && spend.amount().sign() >= 0, "spend",
                "is {amount, currency}: decimal text that is not negative, and 3 to 8 letters of A-Z; or null");
        return spend;
    }

    private long issuedAt() {
        boolean isTime = statement.get("issued_at") instanceof JsonNumber number && ToolCall.isMillis(number.value());
        require(isTime, "issued_at", "is unix milliseconds");
        Double millis = statement.number("issued_at");
        return isTime && millis != null ? millis.longValue() : 0;
    }

    private void require(boolean holds, String member, String problem) {
        if (!holds && first == null) {
            first = new Malformed(ArgumentRules.pointer(member), problem);
        }
    }
}
