package io.agentpassport.server.cli;

import io.agentpassport.client.EnrolmentTerms;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an admin vouches for: the part of a certificate that is not the subject's to say. */
final class EnrolmentOptions {

    @Option(names = "--principal", paramLabel = "TEXT",
            description = "the person or organisation answerable for it, 1 to 128 characters")
    @Nullable
    String principal;

    @Option(names = "--grade", paramLabel = "0..3", description = "how well you know an agent (default: unset)")
    @Nullable
    Integer grade;

    @Option(names = "--capability", paramLabel = "NAME",
            description = "what it may be asked for; may be repeated (default: unset)")
    List<String> capabilities = new ArrayList<>();

    @Option(names = "--life", paramLabel = "DURATION", converter = Durations.class,
            description = "how long each certificate lives, such as 1h (default: 1h)")
    @Nullable
    Duration life;

    @Option(names = "--renewable-for", paramLabel = "DURATION", converter = Durations.class,
            description = "how long it may renew by itself, at most 30d (default: never)")
    @Nullable
    Duration renewableFor;

    EnrolmentTerms terms(InstantSource clock, String defaultPrincipal) {
        return new EnrolmentTerms(principal == null ? defaultPrincipal : principal, grade,
                capabilities.isEmpty() ? null : capabilities, life,
                renewableFor == null ? null : clock.instant().plus(renewableFor));
    }
}
