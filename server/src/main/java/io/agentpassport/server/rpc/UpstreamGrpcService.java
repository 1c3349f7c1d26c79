package io.agentpassport.server.rpc;

import io.agentpassport.proto.v1.AcceptToolRequest;
import io.agentpassport.proto.v1.AcceptToolResponse;
import io.agentpassport.proto.v1.ListUpstreamToolsRequest;
import io.agentpassport.proto.v1.ListUpstreamToolsResponse;
import io.agentpassport.proto.v1.ListUpstreamsRequest;
import io.agentpassport.proto.v1.ListUpstreamsResponse;
import io.agentpassport.proto.v1.QuarantineToolRequest;
import io.agentpassport.proto.v1.QuarantineToolResponse;
import io.agentpassport.proto.v1.UpstreamServiceGrpc.UpstreamServiceImplBase;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.upstream.AcceptTool;
import io.agentpassport.server.upstream.QuarantineTool;
import io.agentpassport.server.upstream.ToolDefinition;
import io.agentpassport.server.upstream.ToolPin;
import io.agentpassport.server.upstream.UpstreamStatus;
import io.agentpassport.server.upstream.Upstreams;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.UpstreamAnswers;
import io.agentpassport.wire.UpstreamRequests;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code UpstreamService} of the contract: every method decodes, asks the upstreams, and encodes what they answer. */
final class UpstreamGrpcService extends UpstreamServiceImplBase {

    private final Upstreams upstreams;
    private final Answers answers;

    UpstreamGrpcService(Upstreams upstreams, Answers answers) {
        this.upstreams = upstreams;
        this.answers = answers;
    }

    @Override
    public void listUpstreams(ListUpstreamsRequest request, StreamObserver<ListUpstreamsResponse> to) {
        answers.here(to, UpstreamRequests.decode(request), asked -> {
            ListPage<UpstreamStatus> page = InMemoryPage.of(upstreams.list(), "upstreams", UpstreamStatus::name, asked);
            return Answer.listed(page, UpstreamGrpcService::encode, UpstreamAnswers::listed).now();
        });
    }

    @Override
    public void listUpstreamTools(ListUpstreamToolsRequest request, StreamObserver<ListUpstreamToolsResponse> to) {
        answers.here(to, UpstreamRequests.decode(request), query -> {
            if (query.upstream() != null && !upstreams.has(query.upstream())) {
                return Answer.<ListUpstreamToolsResponse>refused(GatewayErrors.upstreamNotFound(query.upstream()))
                        .now();
            }
            List<ToolPin> pins = upstreams.tools(query.upstream())
                    .stream()
                    .filter(pin -> query.state() == null || state(pin) == query.state())
                    .toList();
            ListPage<ToolPin> page = InMemoryPage.of(pins, "tools " + query.upstream() + " " + query.state(),
                    ToolPin::text,
                    query.page());
            return Answer.listed(page, UpstreamGrpcService::encode, UpstreamAnswers::toolsListed).now();
        });
    }

    @Override
    public void acceptTool(AcceptToolRequest request, StreamObserver<AcceptToolResponse> to) {
        String admin = Caller.currentAdmin();
        answers.reading(to, UpstreamRequests.decode(request),
                asked -> upstreams
                        .accept(new AcceptTool(asked.upstream(), asked.name(), asked.definitionDigest(), admin))
                        .thenApply(outcome -> switch (outcome) {
                            case AcceptTool.Accepted accepted ->
                                Answer.of(UpstreamAnswers.accepted(encode(accepted.pin())));
                            case AcceptTool.NotFound not ->
                                Answer.refused(GatewayErrors.toolNotFound(asked.upstream(), asked.name()));
                            case AcceptTool.Changed changed -> Answer.refused(GatewayErrors.toolDefinitionChanged(
                                    asked.upstream(), asked.name(), changed.pin().current().digest()));
                        }));
    }

    @Override
    public void quarantineTool(QuarantineToolRequest request, StreamObserver<QuarantineToolResponse> to) {
        String admin = Caller.currentAdmin();
        answers.reading(to, UpstreamRequests.decode(request),
                asked -> upstreams
                        .quarantine(new QuarantineTool(asked.upstream(), asked.name(), asked.reason(), admin))
                        .thenApply(outcome -> switch (outcome) {
                            case QuarantineTool.Quarantined done ->
                                Answer.of(UpstreamAnswers.quarantined(encode(done.pin())));
                            case QuarantineTool.NotFound not ->
                                Answer.refused(GatewayErrors.toolNotFound(asked.upstream(), asked.name()));
                        }));
    }

    static UpstreamAnswers.Upstream encode(UpstreamStatus status) {
        return new UpstreamAnswers.Upstream(status.name(), switch (status.kind()) {
            case BUILT_IN -> UpstreamAnswers.Kind.BUILT_IN;
            case MCP_HTTP -> UpstreamAnswers.Kind.MCP_HTTP;
            case MCP_STDIO -> UpstreamAnswers.Kind.MCP_STDIO;
        }, status.target(), switch (status.state()) {
            case CONNECTED -> UpstreamAnswers.State.CONNECTED;
            case CONNECTING -> UpstreamAnswers.State.CONNECTING;
            case UNREACHABLE -> UpstreamAnswers.State.UNREACHABLE;
        }, status.lastError(), status.tools(), status.refreshedAt());
    }

    private static UpstreamAnswers.Tool encode(ToolPin pin) {
        return new UpstreamAnswers.Tool(pin.upstream(), pin.name(), state(pin), definition(pin.accepted()),
                definition(pin.offered()), pin.difference(), pin.changedAt(),
                pin.changedBy().isEmpty() ? null : pin.changedBy());
    }

    private static UpstreamAnswers.@Nullable Definition definition(@Nullable ToolDefinition definition) {
        return definition == null ? null : new UpstreamAnswers.Definition(definition.json(), definition.digest());
    }

    private static UpstreamRequests.ToolState state(ToolPin pin) {
        return switch (pin.state()) {
            case ACCEPTED -> UpstreamRequests.ToolState.ACCEPTED;
            case QUARANTINED -> UpstreamRequests.ToolState.QUARANTINED;
            case NEW -> UpstreamRequests.ToolState.NEW;
            case GONE -> UpstreamRequests.ToolState.GONE;
        };
    }
}
