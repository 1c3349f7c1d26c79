package io.agentpassport.server.gateway.limit;

import io.agentpassport.server.policy.LimitScope;

/**
 * Whose calls a limit counts together, for each scope that it may have.
 *
 * @param grant
 *            the grant that names the policy, or that has the limit itself
 * @param agent
 *            whom that grant was given to: who calls, or who passed on what it is called under
 * @param principal
 *            who answers for that agent
 * @param session
 *            in which session
 * @param upstream
 *            whose tool it is
 * @param tool
 *            its name there
 */
public record Subjects(String grant, String agent, String principal, String session, String upstream, String tool) {

    /** Whose calls are counted together; empty for all. */
    public String of(LimitScope scope) {
        return switch (scope) {
            case GRANT -> grant;
            case AGENT -> agent;
            case PRINCIPAL -> principal;
            case SESSION -> session;
            case TOOL -> upstream + "/" + tool;
            case UPSTREAM -> upstream;
            case GLOBAL -> "";
        };
    }
}
