package io.agentpassport.core.toolcall;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * A request for a tool call as an agent signed it: {@code {spec, request_id, agent_id, session_id, audience, grant_id, tool,
 * params, scope_required, spend, budget_session_id, issued_at, salt}}. All members are there, {@code grant_id},
 * {@code scope_required}, {@code spend} and {@code budget_session_id} as null when unset, and there are no others: what was
 * signed is what is judged and forwarded, and a misspelt member is not one that is left out. Its signature has not been
 * looked at here.
 */
public final class ToolCall {

    /** The kind and version of the statement. */
    public static final String SPEC = "agentpassport.toolcall.v1";

    /** The longest request id. */
    public static final int MAX_REQUEST_ID_CHARACTERS = 64;

    /** The longest scope. */
    public static final int MAX_SCOPE_CHARACTERS = 128;

    /** The longest agent id and audience. */
    public static final int MAX_ID_CHARACTERS = Identity.MAX_CHARACTERS;

    /** What the id of a grant begins with; 24 hex digits follow, the first 4 of them its partition. */
    public static final String GRANT_PREFIX = "grant_";

    /** What the id of a budget session begins with; 24 hex digits follow, the first 4 of them its partition. */
    public static final String BUDGET_SESSION_PREFIX = "sess_";

    private final JsonObject statement;
    private final UnsignedToolCall said;
    private final ToolCallDigest digest;

    private ToolCall(JsonObject statement, UnsignedToolCall said) {
        this.statement = statement;
        this.said = said;
        this.digest = ToolCallDigest.of(statement);
    }

    /** What parsing answers: {@link Parsed} or {@link Malformed}. */
    public sealed interface Parsing permits Parsed, Malformed {}

    /** It has the shape of a request. */
    public record Parsed(ToolCall call) implements Parsing {}

    /**
     * It has not.
     *
     * @param path the first place at fault, as a JSON Pointer (RFC 6901): {@code /params/amount}; empty for the whole
     * @param problem what is wrong there, for people
     */
    public record Malformed(String path, String problem) implements Parsing {

        @Override
        public String toString() {
            return path + ": " + problem;
        }
    }

    /** Parses a statement that passed the gate. */
    public static Parsing fromStatement(JsonObject statement) {
        return new ToolCallReader(statement).read();
    }

    static ToolCall read(JsonObject statement, UnsignedToolCall said) {
        return new ToolCall(statement, said);
    }

    /** The statement as it came; the signature is over its canonical form. */
    public JsonObject statement() {
        return statement;
    }

    /** What stands for this request. */
    public ToolCallDigest digest() {
        return digest;
    }

    /** The agent's own name for the request. */
    public String requestId() {
        return said.requestId();
    }

    /** The binding that the agent says its certificate has. */
    public String agentId() {
        return said.agentId();
    }

    /** The session it says to act under. */
    public SessionId sessionId() {
        return said.sessionId();
    }

    /** The gateway that is meant. */
    public String audience() {
        return said.audience();
    }

    /** The grant to judge by, or null. */
    public @Nullable String grantId() {
        return said.grantId();
    }

    /** What to call. */
    public ToolName tool() {
        return said.tool();
    }

    /** The arguments: no integer beyond ±(2^53 - 1), no two keys of one object equal but for ASCII case. */
    public JsonObject params() {
        return said.params();
    }

    /** The scope that the grant must cover, or null. */
    public @Nullable String scopeRequired() {
        return said.scopeRequired();
    }

    /** The caller's own ceiling, not negative; or null. */
    public @Nullable Money spend() {
        return said.spend();
    }

    /** The budget to charge, or null for the grant's. */
    public @Nullable String budgetSessionId() {
        return said.budgetSessionId();
    }

    /** Unix milliseconds of the agent's clock, 0 to 2^53 - 1. */
    public long issuedAtMillis() {
        return said.issuedAtMillis();
    }

    /** Drawn by the agent for this request alone; never logged. */
    public Nonce salt() {
        return said.salt();
    }

    /** Whether the number is a time: an integer of 0 to 2^53 - 1. */
    static boolean isMillis(double number) {
        return new JsonNumber(number).isSafeInteger() && number >= 0;
    }

    /** The request id and tool only: arguments are not for a log. */
    @Override
    public String toString() {
        return "ToolCall[" + requestId() + ", " + tool() + "]";
    }
}
