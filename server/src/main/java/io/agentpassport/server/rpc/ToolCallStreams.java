package io.agentpassport.server.rpc;

import io.agentpassport.core.session.SessionState;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.proto.v1.ProcessToolCallsRequest;
import io.agentpassport.proto.v1.ProcessToolCallsResponse;
import io.agentpassport.server.partition.Stall;
import io.agentpassport.wire.Decoded;
import io.agentpassport.wire.GatewayAnswers;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.GatewayRequests;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import io.agentpassport.wire.SignedToolCall;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The streams of tool calls that are open. Each takes no more calls than it has room for; what is done to a call is what is
 * done to one that comes alone, and no more are taken while its answers are not read. A stream ends when its session does,
 * when its answers are not read for too long, and when the service stops.
 */
final class ToolCallStreams implements AutoCloseable {

    /** Calls under way on one stream. */
    static final int CALLS = 256;

    /** For how long answers may be left unread. */
    static final Duration STALL = Duration.ofSeconds(30);

    private final Function<Caller.Agent, SessionState> sessions;
    private final Incidents incidents;
    private final Refusals refusals;
    private final InstantSource clock;
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();

    /**
     * @param sessions
     *            where a caller's session stands; may read the store
     */
    ToolCallStreams(Function<Caller.Agent, SessionState> sessions, Incidents incidents, Refusals refusals,
            InstantSource clock) {
        this.sessions = sessions;
        this.incidents = incidents;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** Opens a stream for the agent that proved itself. */
    StreamObserver<ProcessToolCallsRequest> open(Caller caller,
            ServerCallStreamObserver<ProcessToolCallsResponse> to,
            Function<SignedToolCall, CompletableFuture<Answer<ProcessToolCallResponse>>> process) {
        if (!(caller instanceof Caller.Agent agent)) {
            throw new IllegalStateException("only an agent opens a stream of calls");
        }
        var stream = new Stream(agent, to, process);
        open.add(stream);
        to.disableAutoRequest();
        to.setOnCancelHandler(() -> open.remove(stream));
        to.setOnReadyHandler(stream::takeMore);
        to.request(CALLS);
        return stream;
    }

    /** How many are open. */
    int size() {
        return open.size();
    }

    /**
     * Ends the streams whose session is over, and those whose answers are not read; the owner calls this on a schedule, more
     * often than once a second.
     */
    void refresh() {
        Instant now = clock.instant();
        for (Stream stream : open) {
            stream.endIfStalled(now);
            SessionState state = sessions.apply(stream.agent);
            if (state != SessionState.ACTIVE) {
                stream.end(ServiceErrors.sessionOver(state));
            }
        }
    }

    /** Takes no more calls; what is under way is still answered. */
    @Override
    public void close() {
        open.forEach(stream -> stream.end(ServiceErrors.shuttingDown(RpcLimits.RETRY_LATER)));
    }

    private final class Stream implements StreamObserver<ProcessToolCallsRequest> {

        private final Caller.Agent agent;
        private final RequestId id = incidents.ids().currentOrNext();
        private final ServerCallStreamObserver<ProcessToolCallsResponse> to;
        private final Function<SignedToolCall, CompletableFuture<Answer<ProcessToolCallResponse>>> process;
        private int underWay;
        /** Answered calls for which no other was taken yet. */
        private int owed;
        private final Stall unread = new Stall(STALL);
        private boolean complete;
        private boolean ended;
        private @Nullable ServiceError why;

        Stream(Caller.Agent agent, ServerCallStreamObserver<ProcessToolCallsResponse> to,
                Function<SignedToolCall, CompletableFuture<Answer<ProcessToolCallResponse>>> process) {
            this.agent = agent;
            this.to = to;
            this.process = process;
        }

        @Override
        public void onNext(ProcessToolCallsRequest request) {
            synchronized (this) {
                if (ended || complete) {
                    return;
                }
                underWay++;
            }
            GatewayRequests.Numbered numbered = GatewayRequests.decode(request);
            CompletableFuture<Answer<ProcessToolCallResponse>> answer;
            try {
                answer = switch (numbered.call()) {
                    case Decoded.Invalid<SignedToolCall> invalid ->
                        refused(invalid.error());
                    case Decoded.Valid<SignedToolCall> valid -> valid.value().call().sessionId().equals(agent.session())
                            ? process.apply(valid.value())
                            : refused(GatewayErrors.invalidSignature());
                };
            } catch (RuntimeException e) {
                answer = CompletableFuture.failedFuture(e);
            }
            var unused = answer.whenComplete((given, failure) -> answered(numbered.number(), given, failure));
        }

        private CompletableFuture<Answer<ProcessToolCallResponse>> refused(ServiceError error) {
            refusals.onStream(agent, error);
            return Answer.<ProcessToolCallResponse>refused(error).now();
        }

        private void answered(long number, @Nullable Answer<ProcessToolCallResponse> given,
                @Nullable Throwable failure) {
            ProcessToolCallsResponse response = switch (given) {
                case Answer.Given<ProcessToolCallResponse> message ->
                    GatewayAnswers.numbered(number, message.message());
                case Answer.Refused<ProcessToolCallResponse> refused ->
                    GatewayAnswers.failed(number, refused.error());
                case null -> GatewayAnswers.failed(number, incidents.report(
                        failure == null ? new IllegalStateException("a call was answered nothing") : failure, id));
            };
            synchronized (this) {
                underWay--;
                if (ended) {
                    return;
                }
                try {
                    to.onNext(response);
                    owed++;
                    takeMore();
                } catch (RuntimeException e) {
                    incidents.unheard(e);
                }
                endIfDone();
            }
        }

        /** Takes as many calls as were answered, unless answers wait to be read: all that waits is held in memory. */
        synchronized void takeMore() {
            if (to.isReady()) {
                unread.over();
                if (owed > 0 && !ended) {
                    to.request(owed);
                    owed = 0;
                }
            }
        }

        /** What is under way then is not waited for: it is decided, and can be asked for. */
        synchronized void endIfStalled(Instant now) {
            if (to.isReady()) {
                unread.over();
            } else if (unread.isTooLong(now) && !ended) {
                why = ServiceErrors.overloaded("unread_answers", RpcLimits.RETRY_LATER);
                over();
            }
        }

        /** The caller sends no more. */
        @Override
        public synchronized void onCompleted() {
            complete = true;
            endIfDone();
        }

        @Override
        public void onError(Throwable cause) {
            open.remove(this);
        }

        /** Takes no more, and ends with that when what is under way is answered. */
        synchronized void end(ServiceError error) {
            if (!ended && why == null) {
                why = error;
                complete = true;
                endIfDone();
            }
        }

        private void endIfDone() {
            if (complete && underWay == 0 && !ended) {
                over();
            }
        }

        private void over() {
            ended = true;
            open.remove(this);
            ServiceError error = why;
            if (error == null) {
                to.onCompleted();
            } else {
                to.onError(GrpcErrors.of(error));
            }
        }
    }
}
