package io.agentpassport.server.store;

import org.jspecify.annotations.Nullable;

/** The store cannot do what was asked; the message is for a person and says what to do. */
public final class StoreException extends RuntimeException {

    /** Why. */
    public enum Reason {
        /** Another process has the data folder open. */
        FOLDER_IN_USE,
        /** The data folder was written by a newer version. */
        FORMAT_NEWER,
        /** The folder holds something that is not ours. */
        NOT_A_DATA_FOLDER,
        /** What is stored cannot be read back as what was written. */
        DAMAGED,
        /** What was answered is not there any more. */
        BEHIND_ANCHOR,
        /** The disk or the file system failed, or the store is closed. */
        UNAVAILABLE
    }

    private final Reason reason;

    public StoreException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
