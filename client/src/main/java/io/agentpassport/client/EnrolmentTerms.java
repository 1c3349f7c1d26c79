package io.agentpassport.client;

import io.agentpassport.proto.v1.Capabilities;
import io.agentpassport.proto.v1.Enrolment;
import io.agentpassport.wire.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an admin vouches for: the part of a certificate that is not the subject's to say.
 *
 * @param principal the person or organisation answerable for the identity, 1 to 128 characters
 * @param grade how well the issuer knows an agent, 0 to 3; null for unset
 * @param capabilities what the subject may be asked for, at most 64; null for unset
 * @param certificateLife how long each certificate lives; null for the service's default of 1 h
 * @param renewUntil until when the identity renews by itself, at most 30 d ahead; null for never
 */
public record EnrolmentTerms(String principal, @Nullable Integer grade, @Nullable List<String> capabilities,
        @Nullable Duration certificateLife, @Nullable Instant renewUntil) {

    /** Copies the list. */
    public EnrolmentTerms {
        capabilities = capabilities == null ? null : List.copyOf(capabilities);
    }

    /** Certificates of the default life, and nothing else. */
    public static EnrolmentTerms of(String principal) {
        return new EnrolmentTerms(principal, null, null, null, null);
    }

    Enrolment message() {
        Enrolment.Builder enrolment = Enrolment.newBuilder().setPrincipal(principal);
        if (grade != null) {
            enrolment.setAttestationGrade(grade);
        }
        if (capabilities != null) {
            enrolment.setCapabilities(Capabilities.newBuilder().addAllNames(capabilities));
        }
        if (certificateLife != null) {
            enrolment.setCertificateLife(WireTime.encode(certificateLife));
        }
        if (renewUntil != null) {
            enrolment.setRenewUntil(WireTime.encode(renewUntil));
        }
        return enrolment.build();
    }
}
