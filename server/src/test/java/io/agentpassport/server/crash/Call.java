package io.agentpassport.server.crash;

import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolGateway;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A tool call of an agent: the same signed bytes each time that it is sent. */
final class Call {

    private final String id;
    private final @Nullable SignedToolRequest request;
    private final String agent;
    private final Lot lot;
    private final Operation<Answer> sent;

    Call(SignedToolRequest request, String agent, Lot lot) {
        this(request.requestId(), request, agent, lot);
    }

    /** One that cannot be sent: only what was told of it counts. */
    Call(String id, String agent, Lot lot) {
        this(id, null, agent, lot);
    }

    private Call(String id, @Nullable SignedToolRequest request, String agent, Lot lot) {
        this.id = id;
        this.request = request;
        this.agent = agent;
        this.lot = lot;
        this.sent = new Operation<>("call " + id);
    }

    String id() {
        return id;
    }

    String agent() {
        return agent;
    }

    Lot lot() {
        return lot;
    }

    Operation<Answer> sent() {
        return sent;
    }

    /** Sends it, on whichever connection, and writes down what came of it. */
    Told<Answer> send(ToolGateway gateway, SeenLog log) {
        SignedToolRequest bytes = Objects.requireNonNull(request, "nothing to send");
        return sent.ask(() -> {
            var answer = gateway.send(bytes);
            log.seen(answer.receipt());
            return Answer.of(answer);
        });
    }
}
