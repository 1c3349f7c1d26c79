package io.agentpassport.wire;

/** How a check deep in a decoder gives up; caught in {@link Decoded#of}, and seen nowhere else. Has no stack trace. */
final class Malformed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ServiceError error;

    Malformed(ServiceError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ServiceError error() {
        return error;
    }

    /** A field that is missing, malformed or beyond its limit. */
    static Malformed field(String field, String problem) {
        return new Malformed(ServiceError.invalidField(field, problem));
    }
}
