package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.proto.v1.SimulatePolicyResponse;
import io.agentpassport.server.audit.Audit;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.gateway.call.CallReplay;
import io.agentpassport.server.policy.PolicyRef;
import io.agentpassport.server.policy.Simulation;
import io.agentpassport.server.policy.Verdict;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.wire.DecisionCode;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.Page;
import io.agentpassport.wire.PolicyAnswers;
import io.agentpassport.wire.PolicyName;
import io.agentpassport.wire.PolicyRequests;
import io.agentpassport.wire.ServiceErrors;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Simulations, page by page. What a simulation has counted stands beside its next page here, for a while: a page whose token
 * was forgotten is refused, since what was counted before it is gone.
 */
final class PolicySimulations {

    /** Pages that can be asked for next, each with at most 100,000 counters; the oldest is forgotten. */
    private static final int KEPT = 16;

    private final Audit audit;
    private final CallReplay replay;
    private final PolicySources sources;
    private final Map<String, Simulation> kept = new LinkedHashMap<>();

    PolicySimulations(Audit audit, CallReplay replay, PolicySources sources) {
        this.audit = audit;
        this.replay = replay;
        this.sources = sources;
    }

    /** One page. Reads the store. */
    Answer<SimulatePolicyResponse> page(PolicyRequests.Simulation asked) {
        AuditLog log = audit.of(PartitionId.parse(asked.partition().text()));
        if (log == null) {
            return Answer.refused(GatewayErrors.logNotFound(asked.partition()));
        }
        if (sources.version(new PolicyName(asked.policyId(), 0)) == null) {
            return Answer.refused(GatewayErrors.policyNotFound(asked.policyId(), 0));
        }
        return switch (sources.find("candidate", asked.candidate())) {
            case PolicySources.Missing missing -> Answer.refused(missing.error());
            case PolicySources.There candidate -> page(asked, log, candidate);
        };
    }

    private Answer<SimulatePolicyResponse> page(PolicyRequests.Simulation asked, AuditLog log,
            PolicySources.There candidate) {
        var piece = new CallReplay.Piece(log, asked.policyId(), asked.from(), asked.to());
        String filters = asked.partition() + " " + asked.policyId() + " " + asked.from() + " " + asked.to() + " "
                + name(candidate.ref(), asked.candidate());
        String token = asked.page().token();
        Simulation simulation = token.isEmpty() ? new Simulation(candidate.document()) : goOn(token);
        long index = token.isEmpty() ? replay.begin(piece) : IndexToken.read(token, filters);
        if (simulation == null || index < 0) {
            return Answer.refused(ServiceErrors.invalidPageToken());
        }
        CallReplay.Page page = replay.page(piece, simulation, index, asked.page().size());
        String next = page.end() ? "" : IndexToken.write(page.next(), filters);
        if (!page.end()) {
            keep(next, simulation);
        }
        return Answer.of(PolicyAnswers.simulated(new Page<>(
                page.differences().stream().map(difference -> encode(difference, candidate)).toList(), next),
                page.examined(), page.undecided()));
    }

    private static String name(@Nullable PolicyRef ref, PolicyRequests.Source source) {
        return ref != null || !(source instanceof PolicyRequests.Document document)
                ? String.valueOf(ref)
                : Digest.sha256Text(document.text().getBytes(StandardCharsets.UTF_8));
    }

    /** A page can be asked for twice, so what is kept is not itself gone on with. */
    private synchronized @Nullable Simulation goOn(String token) {
        Simulation found = kept.get(token);
        return found == null ? null : found.copy();
    }

    private synchronized void keep(String token, Simulation simulation) {
        kept.remove(token);
        kept.put(token, simulation);
        if (kept.size() > KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
    }

    private static PolicyAnswers.Difference encode(CallReplay.Difference difference, PolicySources.There candidate) {
        Verdict verdict = difference.wouldBe();
        return new PolicyAnswers.Difference(difference.index(), difference.at(), difference.agent(),
                difference.tool(),
                new PolicyAnswers.Verdict(DecisionCode.valueOf(difference.was().name()), difference.wasRule()),
                new PolicyAnswers.Verdict(DecisionCode.valueOf(verdict.code()),
                        verdict.pointer().isEmpty() ? null : candidate.rule(verdict.pointer())));
    }
}
