package io.agentpassport.server.cli;

import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a call came to.
 *
 * @param refusal the approval that a person denied; null when none was
 * @param kept the file with the signed request, which can be sent again; null when there is none
 */
record CallOutcome(ToolCallAnswer answer, @Nullable ApprovalRecord refusal, @Nullable Path kept) {

    /** The approval that persons can still give; null when there is none. */
    ToolDenial.@Nullable ApprovalRequired pending() {
        return refusal == null && answer instanceof ToolDenial.ApprovalRequired held && isPending(held) ? held : null;
    }

    /** Whether persons can still give it. */
    static boolean isPending(ToolDenial.ApprovalRequired held) {
        return held.approvalId() != null && held.state().equals("pending");
    }

    /** Why it was decided so: in the words of the person who denied it, or of the policy. */
    String why() {
        String comment = comment();
        return comment == null ? answer.decision().message()
                : comment.isEmpty() ? "denied by a person" : "a person denied it: " + comment;
    }

    /** What the person who denied it says, perhaps nothing; null when nobody denied it. */
    @Nullable
    String comment() {
        return refusal == null ? null
                : refusal.votes()
                        .stream()
                        .filter(vote -> !vote.approved())
                        .map(ApprovalRecord.Vote::comment)
                        .findFirst()
                        .orElse("");
    }
}
