package io.agentpassport.server.endtoend;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.CertificateRecord;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.PassportException.Reason;
import io.agentpassport.client.SessionRecord;
import io.agentpassport.client.Subject;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Holds a service, after whatever happened to it, to what it promised. */
final class LedgerCheck {

    private final PassportClient admin;
    private final PassportClient client;
    private final List<String> broken = new ArrayList<>();

    private LedgerCheck(PassportClient admin, PassportClient client) {
        this.admin = admin;
        this.client = client;
    }

    /** The promises that do not hold, in words; none is as it should be. */
    static List<String> brokenPromises(Ledger ledger, PassportClient admin, PassportClient client) {
        var check = new LedgerCheck(admin, client);
        ledger.entries().forEach(check::entry);
        return check.broken;
    }

    private void entry(Ledger.Entry entry) {
        JoinToken token = entry.token;
        AgentIdentity identity = entry.identity;
        AuthenticatedSession session = entry.session;
        PassportException end = entry.end;
        if (end != null && end.reason() != Reason.UNREACHABLE && end.reason() != Reason.UNAVAILABLE
                && end.reason() != Reason.TIMED_OUT) {
            broken.add("refused, and should not have been: " + entry.binding + ": " + end.getMessage());
        }
        if (session != null) {
            session(session);
        }
        if (identity != null) {
            certificate(identity);
        }
        if (token != null) {
            token(entry, token);
            once(entry);
        }
    }

    private void certificate(AgentIdentity identity) {
        try {
            CertificateRecord kept = admin.certificates()
                    .get(identity.certificateId().text(), identity.partition());
            String issued = new String(Jcs.bytes(identity.certificate().certificate().json()), StandardCharsets.UTF_8);
            if (!kept.state().equals("active") || !kept.json().equals(issued)) {
                broken.add("another certificate: " + kept);
            }
        } catch (PassportException e) {
            broken.add("lost certificate of " + identity.binding() + ": " + e.getMessage());
        }
    }

    private void session(AuthenticatedSession session) {
        try {
            SessionRecord kept = admin.sessions().get(session.id(), session.partition());
            if (!kept.state().equals("active")
                    || !kept.json().equals(new String(session.record(), StandardCharsets.UTF_8))) {
                broken.add("another session: " + kept);
            }
        } catch (PassportException e) {
            broken.add("lost session of " + session.identity().binding() + ": " + e.getMessage());
        }
    }

    /** Used tokens work no more; unused ones do; one whose answer was lost may do either. */
    private void token(Ledger.Entry entry, JoinToken token) {
        boolean works = works(token, entry.binding);
        if (works && entry.identity != null) {
            broken.add("used join token works again: " + entry.binding);
        }
        if (!works && !entry.tokenTried) {
            broken.add("lost join token: " + entry.binding);
        }
    }

    private boolean works(JoinToken token, String binding) {
        try {
            AgentIdentity second = client.certificates()
                    .enrol(token, AgentKey.generate(TestServer.NONCES), Subject.agent(binding, binding));
            return second.binding().equals(binding);
        } catch (PassportException e) {
            if (e.errorReason() != ErrorReason.JOIN_TOKEN_INVALID) {
                broken.add("join token not judged: " + binding + ": " + e.getMessage());
            }
            return false;
        }
    }

    /** By now each token, whatever became of it, has issued one certificate. */
    private void once(Ledger.Entry entry) {
        int issued = admin.certificates().list(entry.binding, null).items().size();
        if (issued != 1) {
            broken.add(issued + " certificates by one join token: " + entry.binding);
        }
    }
}
