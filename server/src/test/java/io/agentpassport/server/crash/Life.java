package io.agentpassport.server.crash;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.GrantDraft;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.Subject;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.server.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An agent from its join token to its revocation. Each step is taken once the one before was acknowledged, so that a crash may
 * come between any two.
 */
final class Life {

    private final String binding;
    private final boolean losesItsCertificate;
    private final Operation<JoinToken> token;
    private final List<Operation<AgentIdentity>> enrolments = new ArrayList<>();
    private final Operation<AuthenticatedSession> session;
    private final Operation<GrantRecord> grant;
    private final List<Call> calls = new ArrayList<>();
    private final Operation<String> revocation;
    private volatile @Nullable Agent agent;

    Life(String binding, boolean losesItsCertificate) {
        this.binding = binding;
        this.losesItsCertificate = losesItsCertificate;
        this.token = new Operation<>("join token of " + binding);
        this.session = new Operation<>("session of " + binding);
        this.grant = new Operation<>("grant of " + binding);
        this.revocation = new Operation<>("revocation of " + binding);
    }

    String binding() {
        return binding;
    }

    Operation<JoinToken> token() {
        return token;
    }

    synchronized List<Operation<AgentIdentity>> enrolments() {
        return List.copyOf(enrolments);
    }

    /** The enrolment that was answered with a certificate, or null. */
    @Nullable
    AgentIdentity identity() {
        for (Operation<AgentIdentity> each : enrolments()) {
            AgentIdentity answer = each.answer();
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    Operation<AuthenticatedSession> session() {
        return session;
    }

    Operation<GrantRecord> grant() {
        return grant;
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    Operation<String> revocation() {
        return revocation;
    }

    boolean losesItsCertificate() {
        return losesItsCertificate;
    }

    /** All of it, as far as the service is there. */
    void live(Clients clients, ToolGateway gateway, SeenLog log) {
        JoinToken made = answer(token.ask(() -> clients.admin()
                .certificates()
                .createJoinToken(Role.AGENT, binding, null, EnrolmentTerms.of("somebody"), Duration.ofMinutes(10))));
        if (made == null) {
            return;
        }
        // Two at once, with two keys: one of them at most.
        CompletableFuture<@Nullable AgentIdentity> other = CompletableFuture
                .supplyAsync(() -> enrol(clients, made), Thread::startVirtualThread);
        AgentIdentity one = enrol(clients, made);
        AgentIdentity two = other.join();
        AgentIdentity identity = one == null ? two : one;
        if (identity == null) {
            return;
        }
        AuthenticatedSession begun = answer(session.ask(() -> Handshake.with(clients.anyone(), identity).run()));
        GrantRecord given = begun == null ? null
                : answer(grant.ask(() -> clients.admin()
                        .grants()
                        .create(terms())));
        if (begun == null || given == null) {
            return;
        }
        agent = new Agent(binding.substring("agent:".length()), begun);
        if (callTwice(gateway, log) && revocation.ask(() -> losesItsCertificate
                ? clients.admin()
                        .certificates()
                        .revoke(identity.certificateId().text(), identity.partition(), "its life is over")
                        .state()
                : clients.admin()
                        .grants()
                        .revoke(given.id(), "its life is over")
                        .state()) instanceof Told.Acknowledged) {
            callTwice(gateway, log);
        }
    }

    private boolean callTwice(ToolGateway gateway, SeenLog log) {
        for (int i = 0; i < 2; i++) {
            if (!(call().send(gateway, log) instanceof Told.Acknowledged)) {
                return false;
            }
        }
        return true;
    }

    GrantDraft terms() {
        return GrantDraft.to(new Identity("localhost", binding), Instant.now().plusSeconds(3_600))
                .tools("builtin/*")
                .policy(World.PLAIN);
    }

    /** Whether it came to have a grant. */
    boolean isGrown() {
        return agent != null;
    }

    /** A new call, not sent yet. */
    Call call() {
        Agent caller = agent;
        if (caller == null) {
            throw new IllegalStateException(binding + " has no session");
        }
        var call = caller.call(new Lot(Lot.Kind.UNBOUNDED, binding, Integer.MAX_VALUE), null);
        synchronized (this) {
            calls.add(call);
        }
        return call;
    }

    /** Tries the token with a new key. */
    @Nullable
    AgentIdentity enrol(Clients clients, JoinToken with) {
        var enrolment = new Operation<AgentIdentity>("certificate of " + binding);
        synchronized (this) {
            enrolments.add(enrolment);
        }
        return answer(enrolment.ask(() -> clients.anyone()
                .certificates()
                .enrol(with, AgentKey.generate(TestServer.NONCES), Subject.agent(binding, binding))));
    }

    static <T> @Nullable T answer(Told<T> told) {
        return told instanceof Told.Acknowledged<T> acknowledged ? acknowledged.answer() : null;
    }
}
