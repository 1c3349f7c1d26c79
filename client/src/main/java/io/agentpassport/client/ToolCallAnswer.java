package io.agentpassport.client;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.wire.Decision;
import io.agentpassport.wire.GatewayAnswers;
import org.jspecify.annotations.Nullable;

/** What a gateway answers to a tool call: {@link Completed}, {@link WithoutResult}, or a {@link ToolDenial}. */
public sealed interface ToolCallAnswer permits ToolCallAnswer.Ran, ToolDenial {

    /** What was decided, by which rule, and what is left. */
    Decision decision();

    /** The proof of it, verified if the gateway was told to; null only for {@link ToolDenial.RateExceeded}. */
    @Nullable
    Receipt receipt();

    /** It was allowed, and is charged. */
    sealed interface Ran extends ToolCallAnswer permits Completed, WithoutResult {

        /** What was charged; null when it has no price. */
        @Nullable
        Money cost();

        /** What it cost beyond that, which nobody pays; null when all is paid. */
        @Nullable
        Money overrun();

        /** Whether it ran before, for the same request. */
        boolean stored();
    }

    /**
     * The tool answered.
     *
     * @param result as the CallToolResult of the Model Context Protocol
     * @param isError whether the tool says that it failed
     */
    record Completed(Decision decision, JsonObject result, boolean isError, @Nullable Money cost,
            @Nullable Money overrun, boolean stored, @Nullable Receipt receipt) implements Ran {}

    /**
     * It was allowed, and there is no result to give.
     *
     * @param why any but {@link GatewayAnswers.Run#RESULT}
     */
    record WithoutResult(Decision decision, GatewayAnswers.Run why, @Nullable Money cost,
            @Nullable Money overrun, boolean stored, @Nullable Receipt receipt) implements Ran {}
}
