package io.agentpassport.server.cli.bench;

import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Signed tool calls, each alone, by callers in turn. */
public final class ToolCallLoad implements Load {

    private final String name;
    /** Before the number of a call: a request id serves once, also for those who measure the same server again. */
    private final String run;
    private final Channels channels;
    private final List<ToolCaller> callers;
    private final InstantSource clock;
    private final NonceSource random;
    private final AtomicLong next = new AtomicLong();

    /** Calls of these callers. */
    public ToolCallLoad(String name, Channels channels, List<ToolCaller> callers, InstantSource clock,
            NonceSource random) {
        this.name = name;
        this.run = name + "-" + HexText.encode(random.bytes(4)) + "-";
        this.channels = channels;
        this.callers = callers;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletableFuture<Void> run() {
        long number = next.getAndIncrement();
        ToolCaller caller = callers.get((int) (number % callers.size()));
        ProcessToolCallRequest request = ProcessToolCallRequest.newBuilder()
                .setCall(caller.call(run + number, clock, random))
                .build();
        return Futures.call(channels.any(), GatewayServiceGrpc.getProcessToolCallMethod(), request)
                .thenAccept(ToolCallLoad::check);
    }

    static void check(ProcessToolCallResponse response) {
        if (!response.hasAllowed()) {
            throw new IllegalStateException("denied: " + response.getDecision().getCode() + " "
                    + response.getDecision().getMessage());
        }
        if (response.getReceiptJson().isEmpty()) {
            throw new IllegalStateException("no receipt");
        }
    }
}
