package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.server.tls.AdminCertificate;
import io.agentpassport.server.tls.AdminRole;
import io.grpc.Context;

/** Who makes a call, as far as it was shown. */
public sealed interface Caller {

    /** Where {@link Callers} leaves it for the handler. */
    Context.Key<Caller> CURRENT = Context.key("caller");

    /** Somebody who showed nothing that counts here. */
    record Anyone(String peer) implements Caller {}

    /** Somebody on this machine, where a service for development believes everybody. */
    record Loopback(String peer) implements Caller {}

    /** An agent, by an rpc proof in that session. */
    record Agent(Identity identity, SessionId session) implements Caller {}

    /** An admin, by a client certificate of our CA. */
    record Admin(AdminCertificate certificate) implements Caller {

        /** Whether it may do that. */
        public boolean holds(AdminRole role) {
            return certificate.roles().contains(role);
        }

        /** Who it is, for the log. */
        public String name() {
            return certificate.name();
        }
    }

    /**
     * Whom to count a call against that anybody may make: an address, or who is known behind it. The kind stands first, as
     * wherever it is written down who did something: a binding may begin as the name of an admin does.
     */
    default String countedAs() {
        return switch (this) {
            case Anyone anyone -> anyone.peer();
            case Loopback loopback -> loopback.peer();
            case Agent agent -> "agent " + agent.identity();
            case Admin admin -> "admin " + admin.name();
        };
    }

    /** The name of the admin who makes the call, where the table of who may call lets admins through alone. */
    static String currentAdmin() {
        return current() instanceof Admin admin ? admin.name() : "";
    }

    /** Who makes the call that is being handled; to be asked on the thread that the handler was called on. */
    static Caller current() {
        Caller caller = CURRENT.get();
        if (caller == null) {
            throw new IllegalStateException("a handler runs behind Callers");
        }
        return caller;
    }
}
