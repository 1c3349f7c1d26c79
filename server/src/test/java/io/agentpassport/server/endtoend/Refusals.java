package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentpassport.client.PassportException;
import io.agentpassport.wire.ErrorReason;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a call through the client library was refused with. */
final class Refusals {

    private Refusals() {}

    /** Makes the call, which must fail. */
    static PassportException of(ThrowingCallable call) {
        PassportException refused = catchThrowableOfType(PassportException.class, call);
        assertThat(refused).as("the call must fail").isNotNull();
        return refused;
    }

    /** Makes the call, which must fail for lack of mutual authentication; returns why, as {@code reason (detail)}. */
    static String unauthenticated(ThrowingCallable call) {
        PassportException refused = of(call);
        assertThat(refused.reason()).as(refused.getMessage())
                .isEqualTo(PassportException.Reason.NOT_AUTHENTICATED);
        return String.valueOf(refused.failure());
    }

    /** Makes the call, which the service must refuse; returns with what reason. */
    static ErrorReason refused(ThrowingCallable call) {
        PassportException refused = of(call);
        assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(PassportException.Reason.REFUSED);
        return Objects.requireNonNull(refused.errorReason(), refused.getMessage());
    }
}
