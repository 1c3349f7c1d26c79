package io.agentpassport.wire;

import java.util.function.Supplier;

/** What decoding a request answers: the value it stands for, or what is wrong with it. Never an exception. */
public sealed interface Decoded<T> permits Decoded.Valid, Decoded.Invalid {

    /** The request is well formed and within every limit. */
    record Valid<T>(T value) implements Decoded<T> {}

    /** It is not; the error has code INVALID_ARGUMENT, or UNAUTHENTICATED for a malformed proof. */
    record Invalid<T>(ServiceError error) implements Decoded<T> {}

    /** Runs a decoder whose checks leave by {@link Malformed}, which never gets further than this. */
    static <T> Decoded<T> of(Supplier<T> decoder) {
        try {
            return new Valid<>(decoder.get());
        } catch (Malformed malformed) {
            return new Invalid<>(malformed.error());
        }
    }
}
