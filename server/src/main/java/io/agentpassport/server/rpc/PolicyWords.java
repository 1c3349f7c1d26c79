package io.agentpassport.server.rpc;

import io.agentpassport.server.policy.PolicyDocument;
import io.agentpassport.server.policy.PolicyFormat;
import io.agentpassport.server.policy.PolicyParser;
import io.agentpassport.server.policy.Problem;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.PolicyAnswers;
import io.agentpassport.wire.PolicyRequests;
import io.agentpassport.wire.ServiceError;
import java.util.List;

/** Policies between the contract's words and the gateway's. */
final class PolicyWords {

    private PolicyWords() {}

    static PolicyFormat format(PolicyRequests.Format format) {
        return switch (format) {
            case JSON -> PolicyFormat.JSON;
            case YAML -> PolicyFormat.YAML;
        };
    }

    static PolicyRequests.Format format(PolicyFormat format) {
        return switch (format) {
            case JSON -> PolicyRequests.Format.JSON;
            case YAML -> PolicyRequests.Format.YAML;
        };
    }

    static PolicyParser.Outcome parse(PolicyRequests.Document document) {
        return PolicyParser.parse(document.text(), format(document.format()));
    }

    /** What a valid document may not mean. */
    static List<PolicyAnswers.Problem> warnings(PolicyDocument document) {
        return problems(document.warnings(), false);
    }

    /** What is wrong with a document. */
    static List<PolicyAnswers.Problem> errors(List<Problem> problems) {
        return problems(problems, true);
    }

    private static List<PolicyAnswers.Problem> problems(List<Problem> problems, boolean error) {
        return problems.stream()
                .map(problem -> new PolicyAnswers.Problem(problem.pointer(), problem.message(), error, problem.line()))
                .toList();
    }

    /**
     * A document that is none, as an error.
     *
     * @param problems
     *            at least one
     */
    static ServiceError invalid(String field, List<Problem> problems) {
        Problem first = problems.getFirst();
        return GatewayErrors.policyInvalid(field, first.pointer(), first.message(), problems.size());
    }
}
