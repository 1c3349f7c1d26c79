package io.agentpassport.server.crash;

import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.toolcall.Money;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a gateway said to a call, as far as it must stay the same. */
sealed interface Answer {

    /** It was allowed. */
    record Ran(String outcome, String cost, boolean stored) implements Answer {

        /** The outcome of a call whose end a crash cut off. */
        static final String UNKNOWN = "UNKNOWN_OUTCOME";

        /** The outcome of one whose result is kept no longer. */
        static final String DONE = "ALREADY_DONE";

        boolean hasResult() {
            return outcome.startsWith("{");
        }
    }

    /** It was not allowed, and nothing ran. */
    record Denied(String code, @Nullable String approvalId) implements Answer {}

    static Answer of(ToolCallAnswer answer) {
        return switch (answer) {
            case ToolCallAnswer.Completed done -> new Ran(new String(Jcs.bytes(done.result()), StandardCharsets.UTF_8),
                    text(done.cost()), done.stored());
            case ToolCallAnswer.WithoutResult none -> new Ran(none.why().name(), text(none.cost()), none.stored());
            case ToolDenial.ApprovalRequired waits -> new Denied(code(waits), waits.approvalId());
            case ToolDenial denial -> new Denied(code(denial), null);
        };
    }

    private static String code(ToolDenial denial) {
        return denial.decision().code().name();
    }

    private static String text(@Nullable Money money) {
        return money == null ? "" : money.amount().text() + " " + money.currency();
    }
}
