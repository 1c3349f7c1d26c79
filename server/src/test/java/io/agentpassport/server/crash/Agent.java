package io.agentpassport.server.crash;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An agent with a session. It signs by itself, also for a service that is not there. */
final class Agent {

    private static final String ECHO = "builtin/echo";
    private static final String ASKS = "builtin/calculator";

    private final String name;
    private final AuthenticatedSession session;
    private final AtomicInteger number = new AtomicInteger();

    Agent(String name, AuthenticatedSession session) {
        this.name = name;
        this.session = session;
    }

    AuthenticatedSession session() {
        return session;
    }

    AgentIdentity identity() {
        return session.identity();
    }

    String binding() {
        return session.identity().binding();
    }

    /** A call that no person is asked about. */
    Call call(Lot lot, @Nullable String grant) {
        ToolRequest request = ToolRequest
                .of(ECHO, JsonObject.builder().put("message", "hello " + number.get()).build())
                .named(name + "-" + number.incrementAndGet());
        request = grant == null ? request : request.underGrant(grant);
        request = lot.kind() == Lot.Kind.BUDGET ? request.chargedTo(lot.id()) : request;
        return new Call(sign(request), binding(), lot);
    }

    /** A call that a person must approve. */
    Call asking() {
        String id = name + "-" + number.incrementAndGet();
        JsonObject sum = JsonObject.builder().put("expression", "2 + " + number.get()).build();
        return new Call(sign(ToolRequest.of(ASKS, sum).named(id)), binding(), new Lot(Lot.Kind.APPROVAL, id, 1));
    }

    private SignedToolRequest sign(ToolRequest request) {
        return session.tools().sign(request);
    }
}
