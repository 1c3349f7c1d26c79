package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.server.audit.RefusalLog;
import io.agentpassport.server.clock.TrustedClock;
import io.agentpassport.server.gateway.call.CallExplainer;
import io.agentpassport.server.gateway.call.CallReplay;
import io.agentpassport.server.gateway.call.UpstreamTools;
import io.agentpassport.server.issuance.Issuance;
import io.agentpassport.server.issuance.Principals;
import io.agentpassport.server.metrics.Metrics;
import io.agentpassport.server.mutualauth.MutualAuth;
import io.agentpassport.server.mutualauth.SessionSnapshot;
import io.agentpassport.server.trust.Trust;
import io.grpc.BindableService;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What the gRPC surface stands on, handed in by the composition root.
 *
 * @param policy
 *            what the service asks of a peer
 * @param certificates
 *            who checks certificates for stateless questions
 * @param refusals
 *            where it is written what is refused before it is known who asks
 * @param nonces
 *            for the numbers of incidents
 * @param timer
 *            ends calls that take too long
 * @param admins
 *            where handlers run that read the store for an admin; bounded
 * @param readers
 *            where they run for all others; bounded
 * @param operations
 *            what it tells of itself
 * @param metrics
 *            where calls are counted
 */
public record RpcParts(Trust trust, Issuance issuance, Principals principals, MutualAuth mutualAuth,
        GatewayParts gateway, RefusalLog refusals,
        MutualAuthPolicy policy, CertificateVerifier certificates, TrustedClock clock, LongSupplier ticker,
        NonceSource nonces,
        ScheduledExecutorService timer, Executor admins, Executor readers, OperationsParts operations,
        Metrics metrics) {

    /** The services of the contract. */
    List<BindableService> services(Incidents incidents, Refusals refusals, OpenStreams streams, BoundedCalls calls,
            Connections connections) {
        var answers = new Answers(incidents, new Readers(admins, readers));
        return List.of(new CertificateGrpcService(issuance, trust.own().issuerDomain(), answers),
                new TrustGrpcService(trust, issuance.audience(), clock, answers),
                new MutualAuthGrpcService(mutualAuth, new Verification(trust, policy, certificates), clock, answers),
                new UpstreamGrpcService(gateway.upstreams(), answers),
                new GatewayGrpcService(gateway.gateway(),
                        new ToolCallEntrance(mutualAuth.calls(), principals, clock, readers),
                        new ToolCallAnswers(gateway.audit(), readers), streams.calls(), refusals, clock, answers),
                new GrantGrpcService(gateway.grants(), gateway.budgets(), clock, answers),
                policies(answers),
                new BudgetSessionGrpcService(gateway.budgets(), gateway::newBudgetId, answers),
                new ApprovalGrpcService(gateway.approvals(), streams.approvals(), clock, answers),
                new AuditGrpcService(gateway.audit(), streams.entries(), answers),
                new OperationsGrpcService(this, calls, connections, answers));
    }

    private PolicyGrpcService policies(Answers answers) {
        var sources = new PolicySources(gateway.policies());
        var explainer = new CallExplainer(gateway.partitions(), gateway.grants(),
                new UpstreamTools(gateway.upstreams()), gateway.policies()::current, principals::load);
        return new PolicyGrpcService(gateway.policies(), sources,
                new PolicySimulations(gateway.audit(), new CallReplay(gateway.grants(), principals::load), sources),
                new PolicyExplanations(explainer, new AgentFacts(issuance, principals), sources, clock), answers);
    }

    /** Where the session of an agent that proved itself stands now. Reads the store when it is not in memory. */
    SessionState stateOf(Caller.Agent agent) {
        SessionSnapshot session = mutualAuth.sessions()
                .get(agent.session(), gateway.partitions().of(agent.identity()).id(), agent.identity(),
                        clock.instant());
        return session == null ? SessionState.EXPIRED : session.state();
    }
}
