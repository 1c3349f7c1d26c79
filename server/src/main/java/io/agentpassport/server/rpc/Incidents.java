package io.agentpassport.server.rpc;

import io.agentpassport.server.partition.Failures;
import io.agentpassport.server.partition.PartitionUnavailable;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a caller is told when a handler failed instead of answering. Storage that does not serve has reasons of its own;
 * everything else is a bug, of which the log has all and the caller the number: that of its request.
 */
final class Incidents {

    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);

    private final RequestId.Source ids;

    Incidents(RequestId.Source ids) {
        this.ids = ids;
    }

    /** Where the numbers of requests come from. */
    RequestId.Source ids() {
        return ids;
    }

    /** The error of a failure in the rpc that this thread handles; logs what the caller is not told. */
    ServiceError report(Throwable failure) {
        return report(failure, ids.currentOrNext());
    }

    /** The error of a failure in that rpc. */
    ServiceError report(Throwable failure, RequestId request) {
        Throwable cause = Failures.cause(failure);
        return switch (cause) {
            case PartitionUnavailable unavailable -> of(unavailable);
            case RejectedExecutionException full ->
                ServiceErrors.overloaded("readers", RpcLimits.RETRY_SOON);
            case StoreException store -> {
                LOG.atError()
                        .addKeyValue("request", request)
                        .setCause(store)
                        .log("the store failed: {}", store.getMessage());
                yield ServiceErrors.partitionUnavailable("", RpcLimits.RETRY_LATER);
            }
            default -> {
                LOG.atError().addKeyValue("request", request).setCause(cause).log("incident {}", request);
                yield ServiceErrors.internal(request.text());
            }
        };
    }

    /** An answer that nobody heard, since the call was over. */
    void unheard(RuntimeException e) {
        LOG.debug("an answer came too late: {}", e.toString());
    }

    private static ServiceError of(PartitionUnavailable unavailable) {
        return switch (unavailable.reason()) {
            case OVERLOADED -> ServiceErrors.overloaded("partition_queue", RpcLimits.RETRY_SOON);
            case CLOSED -> ServiceErrors.shuttingDown(RpcLimits.RETRY_LATER);
            case RECOVERING, UNREADABLE, NOT_COMMITTED, OUTCOME_UNKNOWN, FENCED, FAILED ->
                ServiceErrors.partitionUnavailable("", RpcLimits.RETRY_LATER);
        };
    }
}
