package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.NonceSource;
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
 * everything else is a bug, of which the log has all and the caller the number.
 */
final class Incidents {

    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);
    private static final int ID_BYTES = 8;

    private final NonceSource nonces;

    Incidents(NonceSource nonces) {
        this.nonces = nonces;
    }

    /** The error of a failure; logs what the caller is not told. */
    ServiceError report(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return switch (cause) {
            case PartitionUnavailable unavailable -> of(unavailable);
            case RejectedExecutionException full ->
                ServiceErrors.overloaded("readers", RpcLimits.RETRY_SOON);
            case StoreException store -> {
                LOG.error("the store failed: {}", store.getMessage(), store);
                yield ServiceErrors.partitionUnavailable("", RpcLimits.RETRY_LATER);
            }
            default -> {
                String incident = HexText.encode(nonces.bytes(ID_BYTES));
                LOG.error("incident {}", incident, cause);
                yield ServiceErrors.internal(incident);
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
