package io.agentpassport.server.cli;

import io.agentpassport.client.Judgement;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.trust.TrustAnchor;
import io.agentpassport.core.trust.TrustAnchors;
import java.nio.file.Path;
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

    @Option(names = "--ask-service", description = "let the service judge, as an admin (default: judge here)")
    boolean askService;

    @Option(names = "--policy", paramLabel = "FILE",
            description = "the policy: {accepted_versions, min_agent_grade?, required_capabilities?, "
                    + "max_clock_skew_ms?, max_session_ms?} (default: accept version 1.0; at the service: its own)")
    @Nullable
    Path policy;

    @Option(names = "--anchors", paramLabel = "FILE",
            description = "whom to believe: a JSON array of anchors, or a trust bundle (at the service: its own)")
    @Nullable
    Path anchors;

    @Option(names = "--revoked-anchor", paramLabel = "ID", description = "an anchor that counts as revoked; may be "
            + "repeated")
    List<String> revokedAnchors = new ArrayList<>();

    @Option(names = "--now", paramLabel = "MS", description = "the instant, in unix milliseconds (default: now)")
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
            return MutualAuthPolicy.accepting(List.of("1.0"));
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
