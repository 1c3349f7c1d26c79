package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.proto.v1.DiffPoliciesRequest;
import io.agentpassport.proto.v1.ExplainToolCallRequest;
import io.agentpassport.proto.v1.GetPolicyRequest;
import io.agentpassport.proto.v1.ListPoliciesRequest;
import io.agentpassport.proto.v1.PutPolicyRequest;
import io.agentpassport.proto.v1.SimulatePolicyRequest;
import io.agentpassport.proto.v1.ValidatePolicyRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The requests of policy_service.proto as values, and their decoding. Documents are not parsed here. */
public final class PolicyRequests {

    private PolicyRequests() {}

    /** How a document is written. */
    public enum Format {
        /** JSON, by the strict gate. */
        JSON,
        /** YAML of the kinds that JSON has. */
        YAML
    }

    /** A document as a request names it: one that is kept, or one as it is written. */
    public sealed interface Source permits PolicyName, Document {}

    /** A document as it is written, 1 byte to 256 KiB of UTF-8. */
    public record Document(String text, Format format) implements Source {}

    /**
     * Asks to put a document.
     *
     * @param expectedVersion the one that must be in force; 0 asks for none
     * @param reason may be empty
     */
    public record Put(RequestId requestId, String policyId, Document document, long expectedVersion, String reason) {}

    /** Asks for all versions of one policy, or, with null, for every policy. */
    public record Query(@Nullable String policyId, PageRequest page) {}

    /**
     * Asks how a call would be judged.
     *
     * @param grantId null for the one that a call would get
     * @param scopeRequired null for none
     * @param policy to judge by instead of those of the grant; null for those
     * @param now null for now
     */
    public record Question(Identity agent, @Nullable String grantId, ToolName tool, JsonObject params,
            @Nullable String scopeRequired, @Nullable Source policy, @Nullable Instant now) {}

    /**
     * Asks to judge a piece of the log once more.
     *
     * @param policyId whose calls are looked at
     * @param from null from the beginning
     * @param to null to the end
     */
    public record Simulation(String policyId, Source candidate, PartitionName partition, @Nullable Instant from,
            @Nullable Instant to, PageRequest page) {}

    /** Asks how two documents differ. */
    public record Diff(Source from, Source to) {}

    /** Decodes it. */
    public static Decoded<Put> decode(PutPolicyRequest request) {
        return Decoded.of(() -> new Put(Fields.requestId(request.getRequestId()),
                Fields.policyId("policy_id", request.getPolicyId()),
                document("document", request.hasDocument(), request.getDocument()),
                Fields.index("expected_version", request.getExpectedVersion(), 0),
                Fields.optionalText("reason", request.getReason(), Limits.REASON_CHARS)));
    }

    /** Decodes it. */
    public static Decoded<PolicyName> decode(GetPolicyRequest request) {
        return Decoded.of(() -> new PolicyName(Fields.policyId("policy_id", request.getPolicyId()),
                Fields.index("version", request.getVersion(), 0)));
    }

    /** Decodes it. */
    public static Decoded<Query> decode(ListPoliciesRequest request) {
        return Decoded.of(() -> new Query(
                request.getPolicyId().isEmpty() ? null : Fields.policyId("policy_id", request.getPolicyId()),
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    /** Decodes it. */
    public static Decoded<Document> decode(ValidatePolicyRequest request) {
        return Decoded.of(() -> document("document", request.hasDocument(), request.getDocument()));
    }

    /** Decodes it. */
    public static Decoded<Question> decode(ExplainToolCallRequest request) {
        return Decoded.of(() -> new Question(Fields.identity("agent", request.getAgent()),
                Fields.optionalPlacedId("grant_id", Fields.GRANT, request.getGrantId()),
                Fields.tool("tool", request.getTool()),
                Documents.arguments("params_json", request.getParamsJson()),
                Fields.filter("scope_required", request.getScopeRequired(), Limits.SCOPE_CHARS),
                request.hasPolicy() ? source("policy", request.getPolicy()) : null,
                request.hasNow() ? WireTime.decode("now", request.getNow()) : null));
    }

    /** Decodes it. */
    public static Decoded<Simulation> decode(SimulatePolicyRequest request) {
        return Decoded.of(() -> new Simulation(Fields.policyId("policy_id", request.getPolicyId()),
                source("candidate", request.getCandidate()), Fields.partition("partition", request.getPartition()),
                request.hasFrom() ? WireTime.decode("from", request.getFrom()) : null,
                request.hasTo() ? WireTime.decode("to", request.getTo()) : null,
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    /** Decodes it. */
    public static Decoded<Diff> decode(DiffPoliciesRequest request) {
        return Decoded.of(() -> new Diff(source("from", request.getFrom()), source("to", request.getTo())));
    }

    private static Source source(String field, io.agentpassport.proto.v1.PolicySource source) {
        return switch (source.getSourceCase()) {
            case POLICY ->
                new PolicyName(Fields.policyId(field + ".policy.policy_id", source.getPolicy().getPolicyId()),
                        Fields.index(field + ".policy.version", source.getPolicy().getVersion(), 0));
            case DOCUMENT -> document(field + ".document", true, source.getDocument());
            case SOURCE_NOT_SET -> throw Malformed.field(field, "is required: one of policy, document");
        };
    }

    private static Document document(String field, boolean there, io.agentpassport.proto.v1.PolicyDocument document) {
        if (!there) {
            throw Malformed.field(field, "is required");
        }
        Format format = switch (document.getFormat()) {
            case POLICY_FORMAT_JSON -> Format.JSON;
            case POLICY_FORMAT_YAML -> Format.YAML;
            case POLICY_FORMAT_UNSPECIFIED, UNRECOGNIZED ->
                throw Malformed.field(field + ".format", "is required: POLICY_FORMAT_JSON or POLICY_FORMAT_YAML");
        };
        return new Document(utf8(field + ".text", document.getText()), format);
    }

    private static String utf8(String field, ByteString bytes) {
        if (bytes.isEmpty() || bytes.size() > Limits.POLICY_BYTES) {
            throw Malformed.field(field, "must have 1 to " + Limits.POLICY_BYTES + " bytes, not " + bytes.size());
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw Malformed.field(field, "must be UTF-8");
        }
    }
}
