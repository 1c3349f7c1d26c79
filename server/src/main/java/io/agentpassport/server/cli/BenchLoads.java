package io.agentpassport.server.cli;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.server.cli.bench.Channels;
import io.agentpassport.server.cli.bench.HandshakeLoad;
import io.agentpassport.server.cli.bench.IssueLoad;
import io.agentpassport.server.cli.bench.Load;
import io.agentpassport.server.cli.bench.ToolCallLoad;
import io.agentpassport.server.cli.bench.ToolCallStreamLoad;
import io.agentpassport.server.cli.bench.ToolCaller;
import io.agentpassport.server.cli.bench.ToolCallers;
import io.agentpassport.server.cli.bench.VerifyAttestLoad;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The loads of one run of the bench; agents and callers are made once, when the first load asks for them. */
final class BenchLoads {

    private final IssueLoad issue;
    private final Channels channels;
    private final String audience;
    private final TrustAnchors anchors;
    private final CliContext context;
    private @Nullable List<HandshakeLoad.Agent> agents;
    private @Nullable List<ToolCaller> callers;

    BenchLoads(IssueLoad issue, Channels channels, String audience, TrustAnchors anchors, CliContext context) {
        this.issue = issue;
        this.channels = channels;
        this.audience = audience;
        this.anchors = anchors;
        this.context = context;
    }

    /** The load of that kind. */
    Load load(BenchCommand.Kind kind) {
        return switch (kind) {
            case ISSUE -> issue;
            case HANDSHAKE -> handshakes();
            case VERIFY_ATTEST -> VerifyAttestLoad.of(channels, agents(), context.clock(), context.nonces());
            case TOOLCALLS -> unary(kind, callers());
            case TOOLCALLS_HOT -> unary(kind, callers().subList(0, 1));
            case TOOLCALLS_STREAM -> stream(kind, callers());
            case TOOLCALLS_STREAM_HOT -> stream(kind, callers().subList(0, 1));
        };
    }

    private Load unary(BenchCommand.Kind kind, List<ToolCaller> of) {
        return new ToolCallLoad(kind.text(), channels, of, context.clock(), context.nonces());
    }

    private Load stream(BenchCommand.Kind kind, List<ToolCaller> of) {
        return new ToolCallStreamLoad(kind.text(), channels, of, context.clock(), context.nonces());
    }

    private HandshakeLoad handshakes() {
        var policy = new MutualAuthPolicy(List.of("1.0"), null, List.of(), 60_000, null);
        return new HandshakeLoad(channels, audience, agents(),
                new AttestVerifier(policy, anchors, CertificateVerifier.DIRECT), context.clock(), context.nonces());
    }

    private List<HandshakeLoad.Agent> agents() {
        List<HandshakeLoad.Agent> made = agents;
        if (made == null) {
            made = issue.agents();
            agents = made;
        }
        return made;
    }

    private List<ToolCaller> callers() {
        List<ToolCaller> made = callers;
        if (made == null) {
            made = new ToolCallers(channels, audience, context.clock(), context.nonces()).of(agents(), handshakes());
            callers = made;
        }
        return made;
    }
}
