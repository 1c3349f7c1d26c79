package io.agentpassport.server.endtoend;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.Subject;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.server.TestServer;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** What clients were promised: written down after each answer, and before nothing. Safe for any number of threads. */
final class Ledger {

    /** How far one client came with one identity. */
    static final class Entry {
        final String binding;
        volatile @Nullable JoinToken token;
        volatile boolean tokenTried;
        volatile @Nullable AgentIdentity identity;
        volatile @Nullable AuthenticatedSession session;
        volatile @Nullable PassportException end;

        Entry(String binding) {
            this.binding = binding;
        }
    }

    private final Collection<Entry> entries = new ConcurrentLinkedQueue<>();
    private final CountDownLatch issued;

    /**
     * A ledger.
     *
     * @param enough
     *            the number of certificates that {@link #enough} waits for
     */
    Ledger(int enough) {
        issued = new CountDownLatch(enough);
    }

    /** Counted down with each certificate. */
    CountDownLatch enough() {
        return issued;
    }

    Collection<Entry> entries() {
        return entries;
    }

    /** A join token for one identity. */
    Entry makeToken(PassportClient admin, String binding) {
        var entry = new Entry(binding);
        entries.add(entry);
        try {
            entry.token = admin.certificates()
                    .createJoinToken(Role.AGENT, binding, null, EnrolmentTerms.of("somebody"), null);
        } catch (PassportException e) {
            entry.end = e;
        }
        return entry;
    }

    /** Its certificate and a session, as far as it gets; says whether it got all. */
    boolean enrolAndAuthenticate(PassportClient client, Entry entry) {
        JoinToken token = entry.token;
        if (token == null) {
            return false;
        }
        try {
            entry.tokenTried = true;
            AgentIdentity identity = client.certificates()
                    .enrol(token, AgentKey.generate(TestServer.NONCES), Subject.agent(entry.binding, entry.binding));
            entry.identity = identity;
            issued.countDown();
            entry.session = Handshake.with(client, identity).run();
            return true;
        } catch (PassportException e) {
            entry.end = e;
            return false;
        }
    }
}
