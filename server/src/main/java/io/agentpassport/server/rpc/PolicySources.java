package io.agentpassport.server.rpc;

import io.agentpassport.server.policy.Policies;
import io.agentpassport.server.policy.PolicyDocument;
import io.agentpassport.server.policy.PolicyParser;
import io.agentpassport.server.policy.PolicyRef;
import io.agentpassport.server.policy.PolicyVersion;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.PolicyName;
import io.agentpassport.wire.PolicyRequests;
import io.agentpassport.wire.ServiceError;
import org.jspecify.annotations.Nullable;

/** The documents that requests name or hold. */
record PolicySources(Policies policies) {

    /** What looking for one answers. */
    sealed interface Found {}

    /**
     * It is there.
     *
     * @param ref
     *            null for a document that is not kept
     */
    record There(@Nullable PolicyRef ref, PolicyDocument document) implements Found {

        /** A place in it: {@code ID@VERSION#/pointer}, or {@code #/pointer}. */
        String rule(String pointer) {
            return ref == null ? "#" + pointer : ref.rule(pointer);
        }
    }

    /** It is not, or is no policy. */
    record Missing(ServiceError error) implements Found {}

    /** The version of that name, 0 for the one in force; or null. May read the store. */
    @Nullable
    PolicyVersion version(PolicyName name) {
        return name.version() == 0
                ? policies.current().newest(name.policyId())
                : policies.find(new PolicyRef(name.policyId(), name.version()));
    }

    /**
     * The document of a source.
     *
     * @param field
     *            of the request that holds it
     */
    Found find(String field, PolicyRequests.Source source) {
        return switch (source) {
            case PolicyName name -> {
                PolicyVersion version = version(name);
                yield version == null
                        ? new Missing(GatewayErrors.policyNotFound(name.policyId(), name.version()))
                        : new There(version.ref(), version.document());
            }
            case PolicyRequests.Document document -> switch (PolicyWords.parse(document)) {
                case PolicyParser.Parsed parsed -> new There(null, parsed.document());
                case PolicyParser.Invalid invalid ->
                    new Missing(PolicyWords.invalid(field + ".document", invalid.problems()));
            };
        };
    }
}
