package io.agentpassport.server.crash;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.BudgetSessionRecord;
import io.agentpassport.client.CertificateRecord;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.PolicyRecord;
import io.agentpassport.client.SessionRecord;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.server.crash.Finding.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the service for everything that was acknowledged, as an admin does, and compares. */
final class KeptCheck {

    private final Clients clients;
    private final List<Finding> findings = new ArrayList<>();

    private KeptCheck(Clients clients) {
        this.clients = clients;
    }

    static List<Finding> of(Round round, Clients clients) {
        var check = new KeptCheck(clients);
        round.grants().forEach(check::grant);
        round.budgets().forEach(check::budget);
        round.policies().forEach(check::policy);
        round.approvals().forEach(check::approval);
        round.lives().forEach(check::life);
        return check.findings;
    }

    private void grant(Bounded<GrantRecord> bounded) {
        unproven(bounded.made());
        unproven(bounded.revoked());
        grant(bounded.made(), bounded.revoked());
    }

    private void grant(Operation<GrantRecord> made, Operation<String> revoked) {
        GrantRecord acknowledged = made.answer();
        if (acknowledged != null) {
            GrantRecord kept = kept(made, () -> clients.admin().grants().get(acknowledged.id()));
            if (kept != null) {
                state(made, revoked, kept.state());
                if (!kept.tools().equals(acknowledged.tools()) || !kept.subject().equals(acknowledged.subject())
                        || !kept.limitsJson().equals(acknowledged.limitsJson())
                        || !String.valueOf(kept.policyId()).equals(String.valueOf(acknowledged.policyId()))
                        || !kept.createdAt().equals(acknowledged.createdAt())) {
                    found(Kind.CHANGED, made, kept);
                }
            }
        }
    }

    private void budget(Bounded<BudgetSessionRecord> bounded) {
        unproven(bounded.made());
        unproven(bounded.revoked());
        BudgetSessionRecord made = bounded.made().answer();
        BudgetSessionRecord kept = made == null ? null
                : kept(bounded.made(), () -> clients.admin().budgetSessions().get(made.id()));
        if (made == null || kept == null) {
            return;
        }
        boolean mayBeOver = bounded.revoked().wasTried();
        if (!String.valueOf(kept.owner()).equals(String.valueOf(made.owner()))
                || (!mayBeOver && !kept.budget().total().equals(made.budget().total()))) {
            found(Kind.CHANGED, bounded.made(), kept);
        }
        if (bounded.revoked().acknowledged() != null && !kept.status().equals("ended")) {
            found(Kind.REVOCATION_LOST, bounded.revoked(), kept);
        }
    }

    private void policy(Operation<PolicyRecord> put) {
        unproven(put);
        PolicyRecord made = put.answer();
        PolicyRecord kept = made == null ? null
                : kept(put, () -> clients.admin().policies().get(made.id(), made.version()));
        if (made != null && kept != null
                && (!kept.digest().equals(made.digest()) || !kept.reason().equals(made.reason()))) {
            found(Kind.CHANGED, put, kept);
        }
    }

    private void approval(Operation<ApprovalRecord> approved) {
        unproven(approved);
        ApprovalRecord made = approved.answer();
        ApprovalRecord kept = made == null ? null
                : kept(approved, () -> clients.admin().approvals().get(made.id()));
        if (made != null && kept != null && (kept.approvals() < made.approvals()
                || !List.of("approved", "used").contains(kept.state()))) {
            found(Kind.CHANGED, approved, kept);
        }
    }

    private void life(Life life) {
        unproven(life.token());
        unproven(life.session());
        unproven(life.grant());
        unproven(life.revocation());
        AgentIdentity identity = life.identity();
        if (identity != null) {
            certificate(life, identity);
        }
        AuthenticatedSession session = life.session().answer();
        if (session != null) {
            SessionRecord kept = kept(life.session(),
                    () -> clients.admin().sessions().get(session.id(), session.partition()));
            if (kept != null && !kept.json().equals(new String(session.record(), StandardCharsets.UTF_8))) {
                found(Kind.CHANGED, life.session(), kept);
            }
        }
        grant(life.grant(), life.losesItsCertificate() ? new Operation<>("nothing") : life.revocation());
        token(life);
    }

    private void certificate(Life life, AgentIdentity identity) {
        Operation<AgentIdentity> enrolment = life.enrolments().getFirst();
        CertificateRecord kept = kept(enrolment, () -> clients.admin()
                .certificates()
                .get(identity.certificateId().text(), identity.partition()));
        if (kept != null) {
            state(enrolment, life.losesItsCertificate() ? life.revocation() : new Operation<>("nothing"),
                    kept.state());
            if (!kept.json()
                    .equals(
                            new String(Jcs.bytes(identity.certificate().certificate().json()),
                                    StandardCharsets.UTF_8))) {
                found(Kind.CHANGED, enrolment, kept);
            }
        }
    }

    /** One that was never used works; one that was used does not; and there is one certificate of it then. */
    private void token(Life life) {
        JoinToken token = life.token().answer();
        if (token == null) {
            return;
        }
        boolean wasTried = !life.enrolments().isEmpty();
        boolean had = life.identity() != null;
        boolean works = life.enrol(clients, token) != null;
        if (had && works) {
            findings.add(new Finding(Kind.TOKEN_USED_TWICE, life.token() + " gave another certificate"));
        }
        if (!wasTried && !works) {
            findings.add(new Finding(Kind.LOST, life.token() + " does not work: " + life.enrolments()));
        }
        int issued = clients.admin().certificates().list(life.binding(), null).items().size();
        if (issued > 1) {
            findings.add(new Finding(Kind.TOKEN_USED_TWICE, issued + " certificates by " + life.token()));
        } else if (issued == 0) {
            findings.add(new Finding(Kind.LOST, "there is no certificate of " + life.enrolments()));
        }
    }

    /** What was revoked stays revoked; what nobody tried to revoke is active. */
    private void state(Operation<?> made, Operation<String> revoked, String state) {
        if (revoked.acknowledged() != null && !state.equals("revoked")) {
            findings.add(new Finding(Kind.REVOCATION_LOST, revoked + " was acknowledged, and it is " + state));
        } else if (!revoked.wasTried() && !state.equals("active")) {
            found(Kind.CHANGED, made, state);
        }
    }

    private <T> @Nullable T kept(Operation<?> made, Supplier<T> question) {
        try {
            return question.get();
        } catch (PassportException e) {
            findings.add(new Finding(Kind.LOST, made + " is not there: " + e.getMessage()));
            return null;
        }
    }

    /** Nothing of this may be refused, nor answered in a way that does not verify. */
    private void unproven(Operation<?> operation) {
        for (Told<?> told : operation.told()) {
            if (told instanceof Told.Refused<?> refused) {
                findings.add(new Finding(refused.code().startsWith(Operation.UNPROVEN) ? Kind.LOG_BROKEN : Kind.LOST,
                        operation + " was refused: " + refused.code()));
            }
        }
    }

    private void found(Kind kind, Operation<?> made, Object kept) {
        findings.add(new Finding(kind, made + " was acknowledged, and there is now " + kept));
    }
}
