package io.agentpassport.server.cli;

import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.core.certificate.AttestationGrade;
import io.agentpassport.core.certificate.EnrolmentLimits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an admin vouches for: the part of a certificate that is not the subject's to say. */
final class EnrolmentOptions {

    @Option(names = "--principal", paramLabel = "TEXT",
            description = "The person or organisation for whom it acts, who may not approve its calls; 1 to 128"
                    + " characters. Default: its own binding.")
    @Nullable
    String principal;

    @Option(names = "--grade", paramLabel = "0..3", description = "How well you know an agent, 3 is best."
            + " Default: unset, which counts as 0.")
    @Nullable
    Integer grade;

    @Option(names = "--capability", paramLabel = "NAME",
            description = "What it may be asked for; may be repeated. Default: unset.")
    List<String> capabilities = new ArrayList<>();

    @Option(names = "--life", paramLabel = "DURATION", converter = Durations.class,
            description = "How long each certificate lives, such as 90s, 30m or 12h; more than 24h only if the service's"
                    + " configuration allows it, at most 30d. Default: 1h.")
    @Nullable
    Duration life;

    @Option(names = "--renewable-for", paramLabel = "DURATION", converter = Durations.class,
            description = "How long it may renew by itself, at most 30d. Default: never.")
    @Nullable
    Duration renewableFor;

    /** The terms, once they are known to be within what any service grants. */
    EnrolmentTerms terms(String binding, InstantSource clock) {
        require();
        return new EnrolmentTerms(principal(binding), grade,
                capabilities.isEmpty() ? null : capabilities, life,
                renewableFor == null ? null : clock.instant().plus(renewableFor));
    }

    /**
     * Who answers for it. When nobody is named, nobody is made up: it stands for itself, and no person is kept from approving
     * its calls by a name that was never typed.
     */
    private String principal(String binding) {
        String named = principal;
        return named != null ? named
                : binding.substring(0, Math.min(binding.length(), EnrolmentLimits.PRINCIPAL_CHARS));
    }

    /** What is told of it to whoever issues: who may not approve, and how to name another. */
    List<String> told(String binding) {
        return principal != null
                ? List.of("principal    " + Visible.text(principal(binding))
                        + " (a person of that name may not approve its calls)")
                : List.of("principal    " + Visible.text(principal(binding)) + " (nobody was named)",
                        "             name for whom it acts with --principal: that person may then not approve its calls");
    }

    /** Refuses terms that no service grants. */
    void require() {
        Bounds.text("--principal", principal, 1, EnrolmentLimits.PRINCIPAL_CHARS);
        Bounds.number("--grade", grade, 0, AttestationGrade.MAX);
        if (capabilities.size() > EnrolmentLimits.CAPABILITIES) {
            throw CommandFailure
                    .unusable("--capability can be given " + EnrolmentLimits.CAPABILITIES + " times at most, not "
                            + capabilities.size());
        }
        capabilities.forEach(name -> Bounds.text("--capability", name, 1, EnrolmentLimits.CAPABILITY_CHARS));
        Bounds.duration("--life", life, EnrolmentLimits.MIN_LIFE, EnrolmentLimits.MAX_CERTIFICATE_LIFE);
        Bounds.duration("--renewable-for", renewableFor, EnrolmentLimits.MIN_LIFE,
                EnrolmentLimits.MAX_CERTIFICATE_LIFE);
    }

    /** Whether any was given. */
    boolean areGiven() {
        return principal != null || grade != null || !capabilities.isEmpty() || life != null || renewableFor != null;
    }
}
