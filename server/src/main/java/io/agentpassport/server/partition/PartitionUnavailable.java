package io.agentpassport.server.partition;

/** A command was not answered, for a reason that is none of its own. It has no stack trace: it is made under load. */
public final class PartitionUnavailable extends RuntimeException {

    /** Why. */
    public enum Reason {
        /** Too much is under way. Nothing was done: try again, later each time. */
        OVERLOADED("too many requests are under way; try again in a moment"),
        /** The service is stopping, or has not started. Nothing was done: try again elsewhere, or after the restart. */
        CLOSED("the service is stopping or not started; try again after its restart"),
        /** An earlier commit failed and is being cleared up. Nothing was done: try again. */
        RECOVERING("storage failed and is being recovered; try again in a moment"),
        /** Rows it needs could not be read. Nothing was done. */
        UNREADABLE("stored data could not be read; see the service log, then try again"),
        /** The commit of its group failed, surely. Nothing was done: try again. */
        NOT_COMMITTED("storage failed and nothing was done; try again"),
        /** The commit of its group may have succeeded. Try again with the same request id, or look first. */
        OUTCOME_UNKNOWN("storage failed and the request may have taken effect; look, or repeat it with the same id"),
        /** Another node has this partition. Nothing was done: ask that one. */
        FENCED("another node serves this; try again there"),
        /** The partition stopped for a bug. Nothing was done: the service must be started again. */
        FAILED("the service has stopped for an internal error; see its log, and restart it");

        private final String advice;

        Reason(String advice) {
            this.advice = advice;
        }
    }

    private final Reason reason;

    PartitionUnavailable(Reason reason) {
        super(reason.advice, null, false, false);
        this.reason = reason;
    }

    PartitionUnavailable(Reason reason, Throwable cause) {
        super(reason.advice, cause, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
