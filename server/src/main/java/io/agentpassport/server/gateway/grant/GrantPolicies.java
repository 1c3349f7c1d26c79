package io.agentpassport.server.gateway.grant;

/** What making a grant asks about policies. */
@FunctionalInterface
public interface GrantPolicies {

    /** Whether there is a policy of that id. */
    boolean exists(String id);
}
