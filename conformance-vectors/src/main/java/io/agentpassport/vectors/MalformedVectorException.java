package io.agentpassport.vectors;

/** A file or vector that is not in its format, so that nobody can be asked. The run reports it as a failure. */
public final class MalformedVectorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says what is wrong with it. */
    public MalformedVectorException(String message) {
        super(message);
    }
}
