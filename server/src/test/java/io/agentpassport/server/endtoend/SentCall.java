package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.core.toolcall.UnsignedToolCall;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.SignedStatements;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A tool call by the messages of the contract, in which anything can be wrong. */
final class SentCall {

    static final String AUDIENCE = "passport://localhost";

    private static final Metadata.Key<String> REQUEST_ID = Metadata.Key.of("passport-request-id",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Channel channel;
    private Signer key;
    private String agent;
    private String session;
    private String audience = AUDIENCE;
    private String requestId = "call-" + NUMBER.incrementAndGet();
    private String tool = "builtin/echo";
    private JsonObject params = JsonObject.builder().put("message", "hello").build();
    private @Nullable String grant;
    private @Nullable String scope;
    private @Nullable String budget;
    private @Nullable Money spend;
    private Instant issuedAt;
    private UnaryOperator<JsonObject> mangling = UnaryOperator.identity();

    /** A call that nothing is wrong with, if it is allowed. */
    SentCall(Channel channel, AuthenticatedSession of, Instant now) {
        this.channel = channel;
        this.key = of.identity().key().signer();
        this.agent = of.identity().binding();
        this.session = of.id();
        this.issuedAt = now;
    }

    SentCall signedBy(Signer other) {
        key = other;
        return this;
    }

    SentCall by(String binding) {
        agent = binding;
        return this;
    }

    SentCall in(String sessionId) {
        session = sessionId;
        return this;
    }

    SentCall to(String otherAudience) {
        audience = otherAudience;
        return this;
    }

    SentCall named(String id) {
        requestId = id;
        return this;
    }

    SentCall tool(String name, JsonObject arguments) {
        tool = name;
        params = arguments;
        return this;
    }

    SentCall under(String grantId) {
        grant = grantId;
        return this;
    }

    SentCall requiring(String scopeRequired) {
        scope = scopeRequired;
        return this;
    }

    SentCall chargedTo(String budgetSession) {
        budget = budgetSession;
        return this;
    }

    SentCall spending(String amount) {
        spend = new Money(Objects.requireNonNull(Decimal.fromText(amount)), "USD");
        return this;
    }

    SentCall issuedAt(Instant at) {
        issuedAt = at;
        return this;
    }

    /** Changes the statement before it is signed. */
    SentCall mangled(UnaryOperator<JsonObject> change) {
        mangling = change;
        return this;
    }

    String requestId() {
        return requestId;
    }

    ProcessToolCallRequest request() {
        JsonObject statement = new UnsignedToolCall(requestId, agent, new SessionId(session), audience, grant,
                Objects.requireNonNull(ToolName.fromText(tool)), params, scope, spend, budget,
                issuedAt.toEpochMilli(), TestServer.NONCES.nonce()).statement();
        return ProcessToolCallRequest.newBuilder()
                .setCall(SignedStatements.encode(SignedStatement.sign(mangling.apply(statement), key)))
                .build();
    }

    /** Sends it. */
    Outcome send() {
        return send(channel, request());
    }

    static Outcome send(Channel channel, ProcessToolCallRequest request) {
        try {
            return new Outcome(GatewayServiceGrpc.newBlockingStub(channel).processToolCall(request), null, Map.of());
        } catch (StatusRuntimeException e) {
            return new Outcome(null, e, trailers(e));
        }
    }

    /** All that a status says, byte by byte, but for the id of the request, which the service draws for each. */
    private static Map<String, String> trailers(StatusRuntimeException e) {
        Map<String, String> all = new TreeMap<>();
        all.put("status", e.getStatus().getCode() + " " + e.getStatus().getDescription());
        Metadata trailers = e.getTrailers();
        if (trailers != null) {
            assertThat(trailers.get(REQUEST_ID)).matches("[0-9a-f]{16}");
            trailers.removeAll(REQUEST_ID);
            for (String name : trailers.keys()) {
                all.put(name, name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
                        ? Arrays.toString(trailers.get(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)))
                        : String.valueOf(trailers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER))));
            }
        }
        return all;
    }

    /**
     * What came of it: an answer, or a status.
     *
     * @param said
     *            all of the status
     */
    record Outcome(@Nullable ProcessToolCallResponse response, @Nullable StatusRuntimeException status,
            Map<String, String> said) {

        ProcessToolCallResponse answer() {
            if (response == null) {
                throw new AssertionError(status);
            }
            return response;
        }

        /** The error that a status carries, which has exactly one ErrorInfo. */
        ServiceError error() {
            com.google.rpc.Status details = StatusProto.fromThrowable(Objects.requireNonNull(status, "" + response));
            if (details == null
                    || details.getDetailsList().stream().filter(detail -> detail.is(ErrorInfo.class)).count() != 1) {
                throw new AssertionError("a status without details: " + status, status);
            }
            return Objects.requireNonNull(ErrorDetails.decode(details), () -> "not of the contract: " + details);
        }

        /** The code of the decision, or the reason of the status. */
        String word() {
            return response == null ? error().reason().name()
                    : response.getDecision().getCode().name().substring("DECISION_CODE_".length());
        }
    }
}
