package io.agentpassport.server.cli.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.proto.v1.CreateGrantRequest;
import io.agentpassport.proto.v1.CreateGrantResponse;
import io.agentpassport.proto.v1.GrantServiceGrpc;
import io.agentpassport.proto.v1.GrantTerms;
import io.agentpassport.proto.v1.Identity;
import io.agentpassport.proto.v1.PolicyDocument;
import io.agentpassport.proto.v1.PolicyFormat;
import io.agentpassport.proto.v1.PolicyServiceGrpc;
import io.agentpassport.proto.v1.PutPolicyRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Gives agents what they need to call tools: a policy, a grant each, and a session each. */
public final class ToolCallers {

    /** One rule to judge and one counter to keep for every call, as a real policy would have. */
    private static final String POLICY = """
            {"version": "1", "default": "deny", "tools": {"builtin/echo": {
              "require": [{"path": "args.message", "op": "exists", "value": true}],
              "limits": [{"counter": "echoes", "window": "minute", "max": 1000000000, "scope": "agent"}]}}}
            """;
    private static final String POLICY_ID = "bench";
    private static final Duration LIFE = Duration.ofHours(12);
    private static final int AT_ONCE = 64;

    private final Channels channels;
    private final String audience;
    private final InstantSource clock;
    private final String run;

    /**
     * For the service that answers on these channels, as an admin.
     *
     * @param audience who that service is
     */
    public ToolCallers(Channels channels, String audience, InstantSource clock, NonceSource random) {
        this.channels = channels;
        this.audience = audience;
        this.clock = clock;
        this.run = random.nonce().text().replaceAll("[^A-Za-z0-9]", "").substring(0, 12);
    }

    /** Puts the policy, and makes callers of these agents. */
    public List<ToolCaller> of(List<HandshakeLoad.Agent> agents, HandshakeLoad handshakes) {
        Futures.call(channels.any(), PolicyServiceGrpc.getPutPolicyMethod(), PutPolicyRequest.newBuilder()
                .setRequestId("bench-" + run)
                .setPolicyId(POLICY_ID)
                .setDocument(PolicyDocument.newBuilder()
                        .setText(ByteString.copyFrom(POLICY, StandardCharsets.UTF_8))
                        .setFormat(PolicyFormat.POLICY_FORMAT_JSON))
                .build()).join();
        var callers = new ArrayList<ToolCaller>(agents.size());
        for (int from = 0; from < agents.size(); from += AT_ONCE) {
            var some = new ArrayList<CompletableFuture<ToolCaller>>();
            for (int i = from; i < Math.min(agents.size(), from + AT_ONCE); i++) {
                HandshakeLoad.Agent agent = agents.get(i);
                CompletableFuture<CreateGrantResponse> granted = grant(agent.identity(), i);
                CompletableFuture<SessionId> established = handshakes.establish(agent);
                some.add(granted.thenCombine(established, (grant, session) -> new ToolCaller(agent.key(),
                        agent.identity().getBinding(), session, audience)));
            }
            some.forEach(caller -> callers.add(caller.join()));
        }
        return callers;
    }

    private CompletableFuture<CreateGrantResponse> grant(Identity subject, int number) {
        return Futures.call(channels.any(), GrantServiceGrpc.getCreateGrantMethod(), CreateGrantRequest.newBuilder()
                .setRequestId("bench-" + run + "-" + number)
                .setTerms(GrantTerms.newBuilder()
                        .setSubject(subject)
                        .addTools("builtin/echo")
                        .setPolicyId(POLICY_ID)
                        .setExpiresAt(Timestamp.newBuilder().setSeconds(clock.instant().plus(LIFE).getEpochSecond())))
                .build());
    }
}
