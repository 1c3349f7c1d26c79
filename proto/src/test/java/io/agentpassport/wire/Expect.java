package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.InstanceOfAssertFactories;

/** What decoding answered. */
final class Expect {

    private Expect() {}

    static <T> T valid(Decoded<T> decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Valid.class);
        return ((Decoded.Valid<T>) decoded).value();
    }

    static ServiceError error(Decoded<?> decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Invalid.class);
        return ((Decoded.Invalid<?>) decoded).error();
    }

    /** It was refused for that field. */
    static void invalidField(Decoded<?> decoded, String field) {
        ServiceError error = error(decoded);
        assertThat(error.reason()).isEqualTo(ErrorReason.INVALID_FIELD);
        assertThat(error.metadata()).containsEntry("field", field);
    }

    /** The document in that field was refused so. */
    static void rejected(Decoded<?> decoded, String field, String error, String reason) {
        assertThat(error(decoded)).extracting(ServiceError::metadata,
                InstanceOfAssertFactories.map(String.class, String.class))
                .containsEntry("field", field)
                .containsEntry("error", error)
                .containsEntry("reason", reason);
        assertThat(error(decoded).reason()).isEqualTo(ErrorReason.DOCUMENT_REJECTED);
    }
}
