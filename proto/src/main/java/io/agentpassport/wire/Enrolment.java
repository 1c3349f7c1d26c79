package io.agentpassport.wire;

import io.agentpassport.core.certificate.AttestationGrade;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer vouches for when it enrols an identity: all of a certificate that is not the subject's to say.
 *
 * @param grade how well the issuer knows the subject; null when unset
 * @param capabilities what the subject may be asked for; null when unset, which is not the same as none
 * @param principal who answers for the identity, 1 to 128 characters
 * @param certificateLife life of each certificate, 1 s to 30 d; what the configuration allows is not checked here
 * @param renewUntil the last instant of renewal; null when it cannot renew. How far ahead it may lie is not checked
 *        here
 */
public record Enrolment(@Nullable AttestationGrade grade, @Nullable List<String> capabilities, String principal,
        Duration certificateLife, @Nullable Instant renewUntil) {

    /** Copies the list. */
    public Enrolment {
        capabilities = capabilities == null ? null : List.copyOf(capabilities);
    }
}
