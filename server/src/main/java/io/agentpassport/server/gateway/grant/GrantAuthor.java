package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;

/**
 * Who made or ended a grant. The text begins with the kind, whichever it is: a binding is chosen elsewhere, and may begin as
 * the name of an admin does.
 *
 * @param isAgent
 *            whether an agent did, else an admin
 * @param name
 *            of the admin, or of the agent {@code BINDING@DOMAIN}
 */
public record GrantAuthor(boolean isAgent, String name) {

    private static final String AGENT = "agent ";
    private static final String ADMIN = "admin ";

    static GrantAuthor of(Identity agent) {
        return new GrantAuthor(true, agent.toString());
    }

    static GrantAuthor admin(String name) {
        return new GrantAuthor(false, name);
    }

    /** What {@link #text} made. Of what begins with neither kind, an agent is the author: so it was once written. */
    public static GrantAuthor fromText(String text) {
        if (text.startsWith(ADMIN)) {
            return new GrantAuthor(false, text.substring(ADMIN.length()));
        }
        return new GrantAuthor(true, text.startsWith(AGENT) ? text.substring(AGENT.length()) : text);
    }

    /** As it is written down: {@code admin NAME}, or {@code agent BINDING@DOMAIN}. */
    String text() {
        return (isAgent ? AGENT : ADMIN) + name;
    }

    /** The name as callers see it: of an admin as it is, of an agent its binding alone. */
    public String shown() {
        return isAgent ? name.substring(0, name.lastIndexOf('@')) : name;
    }
}
