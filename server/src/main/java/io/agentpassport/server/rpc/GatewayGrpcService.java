package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.ToolCallDigest;
import io.agentpassport.proto.v1.AuthorizeToolCallRequest;
import io.agentpassport.proto.v1.AuthorizeToolCallResponse;
import io.agentpassport.proto.v1.GatewayServiceGrpc.GatewayServiceImplBase;
import io.agentpassport.proto.v1.GetStatsRequest;
import io.agentpassport.proto.v1.GetStatsResponse;
import io.agentpassport.proto.v1.GetToolCallRequest;
import io.agentpassport.proto.v1.GetToolCallResponse;
import io.agentpassport.proto.v1.ListToolsRequest;
import io.agentpassport.proto.v1.ListToolsResponse;
import io.agentpassport.proto.v1.PreviewToolCallRequest;
import io.agentpassport.proto.v1.PreviewToolCallResponse;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.proto.v1.ProcessToolCallsRequest;
import io.agentpassport.proto.v1.ProcessToolCallsResponse;
import io.agentpassport.proto.v1.SettleToolCallRequest;
import io.agentpassport.proto.v1.SettleToolCallResponse;
import io.agentpassport.server.gateway.call.CallAnswer;
import io.agentpassport.server.gateway.call.Gateway;
import io.agentpassport.server.gateway.call.IncomingCall;
import io.agentpassport.server.gateway.call.ReservationId;
import io.agentpassport.server.gateway.call.SettleAnswer;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.upstream.Tool;
import io.agentpassport.wire.DecisionCode;
import io.agentpassport.wire.Decoded;
import io.agentpassport.wire.GatewayAnswers;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.GatewayRequests;
import io.agentpassport.wire.RequestId;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import io.agentpassport.wire.SignedToolCall;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** {@code GatewayService} of the contract: every method decodes, finds out who asks, asks the gateway, and encodes. */
final class GatewayGrpcService extends GatewayServiceImplBase {

    private final Gateway gateway;
    private final ToolCallEntrance entrance;
    private final ToolCallAnswers told;
    private final ToolCallStreams streams;
    private final Refusals refusals;
    private final InstantSource clock;
    private final Instant startedAt;
    private final Answers answers;

    GatewayGrpcService(Gateway gateway, ToolCallEntrance entrance, ToolCallAnswers told, ToolCallStreams streams,
            Refusals refusals, InstantSource clock, Answers answers) {
        this.gateway = gateway;
        this.entrance = entrance;
        this.told = told;
        this.streams = streams;
        this.refusals = refusals;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.answers = answers;
    }

    @Override
    public void processToolCall(ProcessToolCallRequest request, StreamObserver<ProcessToolCallResponse> to) {
        Caller from = Caller.current();
        answers.here(to, GatewayRequests.decode(request), signed -> process(signed, from));
    }

    /** One call from its decoding to its answer, alone or on a stream. */
    CompletableFuture<Answer<ProcessToolCallResponse>> process(SignedToolCall signed, Caller from) {
        return entering(signed, from, gateway::process, (call, answer) -> switch (answer) {
            case CallAnswer.Ran ran -> told.receipt(ran.report())
                    .thenApply(receipt -> Answer.of(GatewayAnswers.processed(
                            ToolCallAnswers.decision(ran.report(), call),
                            ToolCallAnswers.ran(ran.outcome(), ran.result(), ran.isError(), ran.cost(),
                                    ran.overrun(), ran.stored()),
                            receipt)));
            case CallAnswer.Denied denied -> told.receipt(denied.report())
                    .thenApply(receipt -> Answer.of(GatewayAnswers.processed(
                            ToolCallAnswers.decision(denied.report(), call),
                            ToolCallAnswers.denied(denied.report(), clock.instant()), receipt)));
            case CallAnswer.RateLimited limited -> Answer.of(GatewayAnswers.processed(
                    ToolCallAnswers.held(limited, call), new GatewayAnswers.Denied(limited.retryAfter(), null), null))
                    .now();
            case CallAnswer.Authorized authorized -> Answer.<ProcessToolCallResponse>refused(
                    GatewayErrors.running(new RequestId(signed.call().requestId()), RpcLimits.RETRY_LATER)).now();
            case CallAnswer.Running running -> Answer.<ProcessToolCallResponse>refused(running(signed, running)).now();
            case CallAnswer.Unavailable unavailable ->
                Answer.<ProcessToolCallResponse>refused(unavailable(unavailable)).now();
            case CallAnswer.WouldAllow would -> throw unasked(would);
        });
    }

    @Override
    public StreamObserver<ProcessToolCallsRequest> processToolCalls(StreamObserver<ProcessToolCallsResponse> to) {
        Caller from = Caller.current();
        return streams.open(from, (ServerCallStreamObserver<ProcessToolCallsResponse>) to,
                signed -> process(signed, from));
    }

    @Override
    public void previewToolCall(PreviewToolCallRequest request, StreamObserver<PreviewToolCallResponse> to) {
        answers.here(to, GatewayRequests.decode(request),
                signed -> entering(signed, Caller.current(), gateway::preview, (call, answer) -> switch (answer) {
                    case CallAnswer.Reported reported -> told.receipt(reported.report())
                            .thenApply(receipt -> Answer.of(GatewayAnswers.previewed(
                                    ToolCallAnswers.decision(reported.report(), call),
                                    reported instanceof CallAnswer.WouldAllow would ? would.price() : null,
                                    reported instanceof CallAnswer.Denied denied
                                            ? ToolCallAnswers.denied(denied.report(), clock.instant())
                                            : null,
                                    receipt)));
                    case CallAnswer.RateLimited limited -> Answer
                            .of(GatewayAnswers.previewed(ToolCallAnswers.held(limited, call), null,
                                    new GatewayAnswers.Denied(limited.retryAfter(), null), null))
                            .now();
                    case CallAnswer.Running running ->
                        Answer.<PreviewToolCallResponse>refused(running(signed, running)).now();
                    case CallAnswer.Unavailable unavailable ->
                        Answer.<PreviewToolCallResponse>refused(unavailable(unavailable)).now();
                }));
    }

    @Override
    public void authorizeToolCall(AuthorizeToolCallRequest request, StreamObserver<AuthorizeToolCallResponse> to) {
        answers.here(to, GatewayRequests.decode(request),
                signed -> entering(signed, Caller.current(), gateway::authorize, (call, answer) -> switch (answer) {
                    case CallAnswer.Authorized authorized -> told.receipt(authorized.report())
                            .thenApply(receipt -> Answer.of(GatewayAnswers.authorized(
                                    ToolCallAnswers.decision(authorized.report(), call), encode(authorized),
                                    receipt)));
                    case CallAnswer.Denied denied -> told.receipt(denied.report())
                            .thenApply(receipt -> Answer.of(GatewayAnswers.unauthorized(
                                    ToolCallAnswers.decision(denied.report(), call),
                                    ToolCallAnswers.denied(denied.report(), clock.instant()), receipt)));
                    case CallAnswer.RateLimited limited -> Answer.of(GatewayAnswers.unauthorized(
                            ToolCallAnswers.held(limited, call),
                            new GatewayAnswers.Denied(limited.retryAfter(), null), null)).now();
                    case CallAnswer.Ran ran -> Answer.<AuthorizeToolCallResponse>refused(
                            GatewayErrors.reservationOver("", "settled")).now();
                    case CallAnswer.Running running ->
                        Answer.<AuthorizeToolCallResponse>refused(running(signed, running)).now();
                    case CallAnswer.Unavailable unavailable ->
                        Answer.<AuthorizeToolCallResponse>refused(unavailable(unavailable)).now();
                    case CallAnswer.WouldAllow would -> throw unasked(would);
                }));
    }

    @Override
    public void settleToolCall(SettleToolCallRequest request, StreamObserver<SettleToolCallResponse> to) {
        Caller caller = Caller.current();
        answers.here(to, GatewayRequests.decode(request), asked -> {
            if (!(caller instanceof Caller.Agent agent)) {
                return Answer.<SettleToolCallResponse>refused(ServiceErrors.roleRequired("agent")).now();
            }
            var id = new ReservationId(asked.reservationId());
            return gateway
                    .settle(id, agent.identity(), asked.outcome() == GatewayRequests.Outcome.SUCCEEDED,
                            asked.outcome() != GatewayRequests.Outcome.NOT_RUN, asked.cost(), asked.resultDigest())
                    .thenCompose(answer -> settled(id, answer));
        });
    }

    private CompletableFuture<Answer<SettleToolCallResponse>> settled(ReservationId id, SettleAnswer answer) {
        return switch (answer) {
            case SettleAnswer.SettledCall settled -> told
                    .receipt(id.partition(), List.of(settled.decided(), settled.how().entry()))
                    .thenApply(receipt -> Answer.of(GatewayAnswers.settled(settled.how().charged(),
                            settled.how().uncovered(),
                            settled.left() == null ? null : ToolCallAnswers.left(settled.left()), receipt)));
            case SettleAnswer.NotFound absent ->
                Answer.<SettleToolCallResponse>refused(GatewayErrors.reservationNotFound(id.text())).now();
            case SettleAnswer.Over over ->
                Answer.<SettleToolCallResponse>refused(GatewayErrors.reservationOver(id.text(), "expired")).now();
            case SettleAnswer.CurrencyMismatch mismatch ->
                Answer.<SettleToolCallResponse>refused(GatewayErrors.currencyMismatch(mismatch.currency())).now();
        };
    }

    @Override
    public void getToolCall(GetToolCallRequest request, StreamObserver<GetToolCallResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, GatewayRequests.decode(request), asked -> {
            Identity agent = asked.agent();
            if (caller instanceof Caller.Agent self) {
                if (agent != null && !agent.equals(self.identity())) {
                    return Answer.<GetToolCallResponse>refused(GatewayErrors.toolCallNotFound(asked.requestId())).now();
                }
                agent = self.identity();
            }
            if (agent == null) {
                return Answer.<GetToolCallResponse>refused(
                        ServiceErrors.invalidField("agent", "is required from an admin")).now();
            }
            Gateway.Found found = gateway.get(agent, asked.requestId().text());
            return found == null
                    ? Answer.<GetToolCallResponse>refused(GatewayErrors.toolCallNotFound(asked.requestId())).now()
                    : told.receipt(found.report())
                            .thenApply(receipt -> Answer.of(GatewayAnswers.found(
                                    KnownCalls.encode(found, caller instanceof Caller.Agent, receipt))));
        });
    }

    @Override
    public void listTools(ListToolsRequest request, StreamObserver<ListToolsResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, GatewayRequests.decode(request), query -> {
            if (!(caller instanceof Caller.Agent agent)) {
                return Answer.<ListToolsResponse>refused(ServiceErrors.roleRequired("agent")).now();
            }
            String grantId = query.grantId();
            List<Tool> tools = gateway.tools(agent.identity(), grantId == null ? null : new GrantId(grantId));
            ListPage<Tool> page = InMemoryPage.of(tools, agent.identity() + ":" + grantId,
                    tool -> tool.upstream() + "/" + tool.name(), query.page());
            Map<String, Integer> names = new HashMap<>();
            tools.forEach(tool -> names.merge(tool.name(), 1, Integer::sum));
            return Answer.listed(page, tool -> encode(tool, names), GatewayAnswers::listed).now();
        });
    }

    /** @param names how many of the agent's tools have each name: one that is its alone may stand for the tool */
    private static GatewayAnswers.CallableTool encode(Tool tool, Map<String, Integer> names) {
        return new GatewayAnswers.CallableTool(tool.upstream() + "/" + tool.name(),
                names.getOrDefault(tool.name(), 0) == 1 ? tool.name() : null, tool.definition(),
                tool.definitionDigest());
    }

    @Override
    public void getStats(GetStatsRequest request, StreamObserver<GetStatsResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, new Decoded.Valid<>(request), asked -> {
            String holder = caller instanceof Caller.Agent agent ? agent.identity().hashText() : null;
            var counts = new EnumMap<DecisionCode, Long>(DecisionCode.class);
            if (holder == null) {
                counts.putAll(refusals.toolCalls());
            }
            gateway.stats()
                    .decided(holder)
                    .forEach((code, count) -> counts.put(DecisionCode.valueOf(code.name()),
                            count));
            return Answer.of(GatewayAnswers.stats(startedAt, counts, holder == null ? 0 : gateway.inFlight(holder),
                    caller instanceof Caller.Agent agent
                            ? gateway.limits(agent.identity()).stream().map(ToolCallAnswers::limit).toList()
                            : List.of()))
                    .now();
        });
    }

    @FunctionalInterface
    private interface Telling<A> {
        CompletableFuture<Answer<A>> tell(ToolCallDigest call, CallAnswer answer);
    }

    private <A> CompletableFuture<Answer<A>> entering(SignedToolCall signed, Caller from,
            Function<IncomingCall, CompletableFuture<CallAnswer>> asking, Telling<A> telling) {
        Runnable proof = Refusals.proof();
        return entrance.admit(signed, from)
                .thenCompose(admitted -> switch (admitted) {
                    case Answer.Refused<IncomingCall> refused -> {
                        if (from instanceof Caller.Agent) {
                            refusals.onStream(from, refused.error());
                        }
                        yield Answer.<A>refused(refused.error()).now();
                    }
                    case Answer.Given<IncomingCall> given -> {
                        proof.run();
                        yield asking.apply(given.message())
                                .thenCompose(answer -> telling.tell(signed.call().digest(), answer));
                    }
                });
    }

    private static GatewayAnswers.Authorized encode(CallAnswer.Authorized authorized) {
        return new GatewayAnswers.Authorized(authorized.reservation().text(), authorized.dueAt(), authorized.held(),
                authorized.timeout());
    }

    private static ServiceError running(SignedToolCall signed, CallAnswer.Running running) {
        return GatewayErrors.running(new RequestId(signed.call().requestId()), running.retryAfter());
    }

    private static ServiceError unavailable(CallAnswer.Unavailable unavailable) {
        return switch (unavailable.cause()) {
            case OVERLOADED -> ServiceErrors.overloaded("partition_queue", RpcLimits.RETRY_SOON);
            case CLOSED -> ServiceErrors.shuttingDown(RpcLimits.RETRY_LATER);
            case STORAGE, PLANS, SETTLED_ELSEWHERE ->
                ServiceErrors.partitionUnavailable("", RpcLimits.RETRY_LATER);
        };
    }

    private static IllegalStateException unasked(CallAnswer answer) {
        return new IllegalStateException("nobody asked for " + answer.getClass().getSimpleName());
    }
}
