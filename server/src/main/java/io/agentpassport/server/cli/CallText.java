package io.agentpassport.server.cli;

import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.wire.DecisionCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call came to, told to people and to programs.
 *
 * @param program as people type it
 * @param goesOn the command that sends the kept request again; null when none is kept
 * @param tools the command that lists what the agent may call
 */
record CallText(CallOutcome outcome, String program, @Nullable String goesOn, String tools) {

    /** A line each. */
    List<String> lines() {
        ToolCallAnswer answer = outcome.answer();
        var lines = new ArrayList<String>();
        lines.add(switch (answer) {
            case ToolCallAnswer.Ran ran when ran.stored() ->
                "allowed      and run before: this is the stored answer of that run, and nothing was run now";
            case ToolCallAnswer.Completed done ->
                "allowed      " + (done.isError() ? "and the tool says that it failed" : "and run");
            case ToolCallAnswer.WithoutResult none -> "allowed      but there is no result: " + none.why();
            case ToolDenial denied -> "denied       " + denied.decision().code();
        });
        if (answer instanceof ToolCallAnswer.Ran ran && ran.stored()) {
            if (answer instanceof ToolCallAnswer.WithoutResult none) {
                lines.add("no result    " + none.why());
            } else if (answer instanceof ToolCallAnswer.Completed done && done.isError()) {
                lines.add("failed       as the tool said then");
            }
        }
        Money cost = cost();
        DecisionText.explain(answer.decision(), outcome.why(), cost, lines);
        if (answer instanceof ToolCallAnswer.Ran ran && ran.overrun() != null) {
            lines.add("overrun      " + DecisionText.text(ran.overrun()) + ", which nobody pays");
        }
        DecisionText.again(answer instanceof ToolDenial denied ? denied : null, JsonObject.builder(), lines);
        if (answer.decision().code() == DecisionCode.UNKNOWN_TOOL) {
            lines.add("there are    those that this lists: " + tools);
        }
        if (answer instanceof ToolDenial.ApprovalRequired held && held.approvalId() != null) {
            approval(held, lines);
        } else if (outcome.kept() != null) {
            lines.add("request      kept in " + outcome.kept() + (answer instanceof ToolDenial
                    ? denied()
                    : "; it has run, so that the file is not needed any more"));
        }
        if (answer instanceof ToolCallAnswer.Completed done) {
            lines.add("result       " + Visible.json(done.result()));
        }
        return lines;
    }

    /** What becomes of a kept request that was denied for another reason than that a person must approve it. */
    private String denied() {
        return switch (outcome.answer()) {
            case ToolDenial.Expired gone -> "; " + CallSession.ANEW;
            case ToolDenial.SessionInvalid gone -> "; " + CallSession.ANEW;
            case ToolDenial.Stale gone ->
                "; nobody is asked about it any more: it was denied, its time is over, or it was"
                        + " not sent within a minute; " + CallSession.ANEW;
            default -> "; sent again, it is judged anew";
        };
    }

    private void approval(ToolDenial.ApprovalRequired held, List<String> lines) {
        if (outcome.pending() == null) {
            lines.add("approval     " + held.approvalId() + (outcome.refusal() == null
                    ? " is " + held.state()
                            + ": make the call again without --request, and a person must approve it again"
                    : ""));
            return;
        }
        lines.add("approval     " + held.approvalId() + ", until " + held.expiresAt());
        lines.add("             a person decides with: " + program + " approvals approve " + held.approvalId());
        if (outcome.kept() != null && goesOn != null) {
            lines.add("request      kept in " + outcome.kept() + "; then the very same goes on, and runs once, with:");
            lines.add("             " + goesOn);
        }
    }

    /** One document. */
    JsonObject json() {
        ToolCallAnswer answer = outcome.answer();
        JsonObject.Builder document = DecisionText.json(answer.decision(), cost(), answer.receipt());
        switch (answer) {
            case ToolCallAnswer.Completed done ->
                document.put("result", done.result()).put("is_error", JsonBoolean.of(done.isError()));
            case ToolCallAnswer.WithoutResult none -> document.put("no_result", none.why().name());
            case ToolDenial denied -> { /* the decision says it all */ }
        }
        if (answer instanceof ToolCallAnswer.Ran ran) {
            document.put("stored", JsonBoolean.of(ran.stored()));
            if (ran.overrun() != null) {
                document.put("overrun", ran.overrun().json());
            }
        }
        DecisionText.again(answer instanceof ToolDenial denied ? denied : null, document, new ArrayList<>());
        if (answer instanceof ToolDenial.ApprovalRequired held && held.approvalId() != null) {
            document.put("approval_id", held.approvalId())
                    .put("approval_state", outcome.refusal() == null ? held.state() : outcome.refusal().state())
                    .put("approval_comment", outcome.comment());
        }
        return document.put("request_file", outcome.kept() == null ? null : outcome.kept().toString()).build();
    }

    /** How the process ends. */
    int exitCode() {
        return switch (outcome.answer()) {
            case ToolDenial denied -> CommandFailure.REFUSED;
            case ToolCallAnswer.Completed done -> done.isError() ? CommandFailure.NO_RESULT : 0;
            case ToolCallAnswer.WithoutResult none -> CommandFailure.NO_RESULT;
        };
    }

    private @Nullable Money cost() {
        return outcome.answer() instanceof ToolCallAnswer.Ran ran ? ran.cost() : null;
    }
}
