package io.agentpassport.server.cli;

import io.agentpassport.client.Judgement;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchors;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By what a question about attests is judged, here or at the service. */
final class JudgementOptions {

    /** That of a service whose configuration says nothing of it, so that both judge alike. */
    private static final MutualAuthPolicy USUAL = new MutualAuthPolicy(List.of("1.0"), null, List.of(), 60_000,
            Duration.ofHours(8).toMillis());

    @Option(names = "--ask-service", description = "Let the service judge, as an admin. Default: judge here.")
    boolean askService;

    @Option(names = "--policy", paramLabel = "FILE",
            description = "The policy, a JSON file: {accepted_versions, min_agent_grade?, required_capabilities?, "
                    + "max_clock_skew_ms?, max_session_ms?}. Default: version 1.0, no grade, clocks 60s apart, "
                    + "sessions of 8h; at the service its own, which is the same until its configuration says "
                    + "otherwise.")
    @Nullable
    Path policy;

    @Option(names = "--anchors", paramLabel = "FILE",
            description = "Whom to believe: a JSON array of anchors, or a trust bundle. At the service: its own.")
    @Nullable
    Path anchors;

    @Option(names = "--revoked-anchor", paramLabel = "ID", description = "An anchor that counts as revoked; may be "
            + "repeated.")
    List<String> revokedAnchors = new ArrayList<>();

    @Option(names = "--now", paramLabel = "MS",
            description = "The instant to judge at, in unix milliseconds. Default: now.")
    @Nullable
    Long nowMillis;

    Judgement forService(CliContext context) {
        return new Judgement(policy == null ? null : Documents.object(context, policy),
                anchors == null ? null : Documents.anchors(context, anchors), revokedAnchors,
                nowMillis == null ? null : Instant.ofEpochMilli(nowMillis));
    }

    double nowMillis(InstantSource clock) {
        return nowMillis == null ? (double) clock.millis() : nowMillis.doubleValue();
    }

    MutualAuthPolicy localPolicy(CliContext context) {
        if (policy == null) {
            return USUAL;
        }
        JsonObject document = Documents.object(context, policy);
        MutualAuthPolicy.Outcome outcome = MutualAuthPolicy.fromJson(document);
        if (outcome instanceof MutualAuthPolicy.Read read) {
            return read.policy();
        }
        throw CommandFailure.unusable(policy + " is no policy: " + ((MutualAuthPolicy.Unreadable) outcome).rejected());
    }

    TrustAnchors localAnchors(CliContext context) {
        if (anchors == null) {
            throw CommandFailure
                    .unusable("whom to believe? Name a file of anchors or a trust bundle with --anchors, or "
                            + "let the service judge with --ask-service");
        }
        List<TrustAnchor> known = Documents.anchors(context, anchors)
                .stream()
                .map(TrustAnchor::fromJson)
                .filter(Objects::nonNull)
                .toList();
        return TrustAnchors.of(known, Set.copyOf(revokedAnchors));
    }
}
