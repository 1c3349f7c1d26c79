package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.audit.EntryDraft;
import io.agentpassport.server.audit.LoggedEntry;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a log exist for a caller. An admin sees all, with what is private in them. An agent sees the public
 * entries about its own identity: its binding and its issuer domain, for others may issue for the same binding.
 *
 * @param binding
 *            only entries about this one; null for all
 * @param agent
 *            the agent that asks; null for an admin
 */
record AuditSight(@Nullable String binding, @Nullable Identity agent) {

    static AuditSight of(Caller caller, @Nullable String asked) {
        if (caller instanceof Caller.Admin) {
            return new AuditSight(asked, null);
        }
        if (caller instanceof Caller.Agent agent) {
            return new AuditSight(asked == null ? agent.identity().binding() : asked, agent.identity());
        }
        throw new IllegalStateException("entries are for agents and admins");
    }

    /** Whether it is plain that nothing can be shown: an agent that asks for another's. */
    boolean seesNothing() {
        return agent != null && !agent.binding().equals(binding);
    }

    /** Whether what is private comes along. */
    boolean opened() {
        return agent == null;
    }

    /** Tells this sight from others, for page tokens. */
    String name() {
        return binding + ":" + agent;
    }

    /** Whether that entry is shown. */
    boolean shows(LoggedEntry entry) {
        Identity own = agent;
        if (own == null) {
            return true;
        }
        JsonObject json = entry.members();
        if (json == null) {
            return false;
        }
        JsonObject call = json.object("call");
        return own.binding().equals(json.string(EntryDraft.AGENT_ID)) && (isOf(json, own)
                || isOf(json.object("agent"), own)
                || (call != null && isOf(call.object("agent"), own))
                || own.hashText().equals(json.string("holder")));
    }

    private static boolean isOf(@Nullable JsonObject json, Identity identity) {
        return json != null && identity.issuerDomain().equals(json.string("issuer_domain"));
    }
}
