package io.agentpassport.client;

import io.agentpassport.core.certificate.Role;
import java.util.List;

/**
 * What a party says about itself when it asks for a certificate.
 *
 * @param role {@link Role#AGENT} or {@link Role#INFORMATION_SYSTEM}
 * @param subjectId its own name for itself, 1 to 256 characters
 * @param binding the agent id it wants to act under, or the resource domain it serves, 1 to 256 characters
 * @param supportedVersions protocol versions, highest first
 */
public record Subject(Role role, String subjectId, String binding, List<String> supportedVersions) {

    /** The versions that this library speaks. */
    public static final List<String> VERSIONS = List.of("1.0");

    /** Copies the list. */
    public Subject {
        supportedVersions = List.copyOf(supportedVersions);
    }

    /** An agent that speaks what this library speaks. */
    public static Subject agent(String subjectId, String binding) {
        return new Subject(Role.AGENT, subjectId, binding, VERSIONS);
    }

    /** An information system that speaks what this library speaks. */
    public static Subject informationSystem(String subjectId, String binding) {
        return new Subject(Role.INFORMATION_SYSTEM, subjectId, binding, VERSIONS);
    }
}
