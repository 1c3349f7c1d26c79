package io.agentpassport.core.certificate;

/**
 * How well an issuer knows an agent, from 0 (not at all) to 3. An unset grade counts as 0.
 *
 * @param value 0 to 3
 */
public record AttestationGrade(int value) {

    /** The best grade there is. */
    public static final int MAX = 3;

    /** Only 0 to 3. */
    public AttestationGrade {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("an attestation grade is 0 to 3, not " + value);
        }
    }
}
