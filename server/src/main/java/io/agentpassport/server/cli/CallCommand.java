package io.agentpassport.server.cli;

import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.wire.Decision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Calls a tool as an agent. */
@Command(name = "call", mixinStandardHelpOptions = true, description = {
    "As an agent, call a tool through the gateway: a handshake, one signed call, its answer and its receipt.",
    "",
    "Exit code 0 when it was allowed, 1 when it was denied. Where a person must approve it, --wait waits for that and then"
            + " sends the very same request again, which runs once at most."
}, footer = {"  ${COMMAND-FULL-NAME} calculator --args '{\"expression\":\"19.99 * 3\"}' \\",
    "      --key agent-alice.key --identity agent-alice.json",
    "  ${COMMAND-FULL-NAME} shop/buy --args '{\"item\":7}' --wait 10m --receipt bought.json \\",
    "      --key agent-alice.key --identity agent-alice.json",
    "  ${COMMAND-FULL-NAME} shop/buy --args - --spend 20 --request-id order-17 < order.json \\",
    "      --key agent-alice.key --identity agent-alice.json"})
final class CallCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    ToolRequestOptions what = new ToolRequestOptions();

    @Option(names = "--preview", description = "Ask only what would be decided; nothing is run, counted or charged.")
    boolean preview;

    @Option(names = "--wait", paramLabel = "DURATION", converter = Durations.class, defaultValue = "0s",
            description = "For how long to wait for an approval, at most 1d. Default: ${DEFAULT-VALUE}.")
    Duration wait = Duration.ZERO;

    @Option(names = "--receipt", paramLabel = "FILE",
            description = "Write the receipt to this file; audit receipt verifies it.")
    @Nullable
    Path receipt;

    @Mixin
    IdentityOptions identity = new IdentityOptions();

    @Mixin
    ServerOptions service = new ServerOptions();

    @Mixin
    LogKeyOptions logKey = new LogKeyOptions();

    @Mixin
    JsonOption json = new JsonOption();

    CallCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (wait.compareTo(Duration.ofDays(1)) > 0) {
            throw CommandFailure.unusable("--wait is at most 1d");
        }
        requireFolderOfReceipt();
        ToolRequest request = what.request(context);
        try (PassportClient client = service.open(context)) {
            AuthenticatedSession session = Handshake.with(client, identity.load()).run();
            try {
                ToolGateway tools = verifying(session.tools());
                SignedToolRequest signed = tools.sign(request);
                return preview ? print(tools.preview(signed)) : print(answered(session, tools, signed));
            } finally {
                session.end("the command is done");
            }
        }
    }

    /** Where the log key is known, no answer is believed without a receipt that it verifies. */
    private ToolGateway verifying(ToolGateway tools) {
        if (logKey.isNamed() || service.data.of(context).isInitialised()) {
            return tools.verifyingBy(logKey.of(context, service.data));
        }
        context.err()
                .println("passport: the receipt is not verified; name the log's key with --log-key and --audience");
        return tools;
    }

    /**
     * What a call came to.
     *
     * @param refusal the approval that a person denied while it was waited for; null when none was
     */
    private record Outcome(ToolCallAnswer answer, @Nullable ApprovalRecord refusal) {}

    private Outcome answered(AuthenticatedSession session, ToolGateway tools, SignedToolRequest signed) {
        ToolCallAnswer answer = tools.send(signed);
        if (!(answer instanceof ToolDenial.ApprovalRequired held) || held.approvalId() == null || wait.isZero()) {
            return new Outcome(answer, null);
        }
        context.err().println("passport: waiting for a person: approvals show " + held.approvalId());
        ApprovalRecord decided = awaited(session, held.approvalId());
        context.err().println("passport: " + decided.state());
        // A no is final: sent again, the request could be answered as stale, which is not why it does not run.
        return decided.state().equals("denied")
                ? new Outcome(answer, decided)
                : new Outcome(tools.send(signed), null);
    }

    private ApprovalRecord awaited(AuthenticatedSession session, String approvalId) {
        long begun = context.ticker().getAsLong();
        try {
            return session.approvals().awaitDecision(approvalId, wait);
        } catch (PassportException e) {
            // Before the wait is over it is the service that did not answer, which is another matter.
            boolean over = context.ticker().getAsLong() - begun >= wait.toNanos();
            throw over && e.reason() == PassportException.Reason.TIMED_OUT ? CommandFailure.timedOut(e) : e;
        }
    }

    private static String comment(ApprovalRecord refusal) {
        return refusal.votes()
                .stream()
                .filter(vote -> !vote.approved())
                .map(ApprovalRecord.Vote::comment)
                .findFirst()
                .orElse("");
    }

    private static String why(Decision decision, @Nullable ApprovalRecord refusal) {
        if (refusal == null) {
            return decision.message();
        }
        String comment = comment(refusal);
        return comment.isEmpty() ? "denied by a person" : "a person denied it: " + comment;
    }

    private int print(ToolGateway.Preview asked) {
        var lines = new ArrayList<String>();
        lines.add("would be     " + (asked.wouldAllow() ? "allowed" : "denied"));
        DecisionText.explain(asked.decision(), asked.decision().message(), asked.price(), lines);
        again(asked.denial(), lines);
        told(asked.receipt(), lines);
        json.print(context, DecisionText.json(asked.decision(), asked.price(), asked.receipt())
                .put("would_allow", JsonBoolean.of(asked.wouldAllow()))
                .build(), lines.toArray(new String[0]));
        write(asked.receipt());
        return asked.wouldAllow() ? 0 : CommandFailure.REFUSED;
    }

    private int print(Outcome outcome) {
        ToolCallAnswer answer = outcome.answer();
        ApprovalRecord refusal = outcome.refusal();
        var lines = new ArrayList<String>();
        Money cost = answer instanceof ToolCallAnswer.Ran ran ? ran.cost() : null;
        JsonObject.Builder document = DecisionText.json(answer.decision(), cost, answer.receipt());
        switch (answer) {
            case ToolCallAnswer.Completed done -> {
                lines.add("allowed      " + (done.isError() ? "and the tool says that it failed" : "and run"));
                document.put("result", done.result()).put("is_error", JsonBoolean.of(done.isError()));
            }
            case ToolCallAnswer.WithoutResult none -> {
                lines.add("allowed      but there is no result: " + none.why());
                document.put("no_result", none.why().name());
            }
            case ToolDenial denied -> lines.add("denied       " + denied.decision().code());
        }
        DecisionText.explain(answer.decision(), why(answer.decision(), refusal), cost, lines);
        if (answer instanceof ToolCallAnswer.Ran ran && ran.overrun() != null) {
            lines.add("overrun      " + DecisionText.text(ran.overrun()) + ", which the budget did not cover");
            document.put("overrun", ran.overrun().json());
        }
        again(answer instanceof ToolDenial denied && refusal == null ? denied : null, lines);
        if (answer instanceof ToolDenial.ApprovalRequired held && held.approvalId() != null) {
            lines.add("approval     " + held.approvalId() + (refusal == null ? ", until " + held.expiresAt() : ""));
            if (refusal == null) {
                lines.add("             a person decides with: approvals approve " + held.approvalId());
                lines.add("             this very request is sent again only with --wait");
            }
            document.put("approval_id", held.approvalId())
                    .put("approval_state", refusal == null ? held.state() : refusal.state())
                    .put("approval_comment", refusal == null ? null : comment(refusal));
        }
        if (answer instanceof ToolCallAnswer.Completed done) {
            lines.add("result       " + Visible.json(done.result()));
        }
        told(answer.receipt(), lines);
        // The answer first: a call that ran is not undone by a file that cannot be written.
        json.print(context, document.build(), lines.toArray(new String[0]));
        write(answer.receipt());
        return answer instanceof ToolDenial ? CommandFailure.REFUSED : 0;
    }

    private static void again(@Nullable ToolDenial denied, List<String> lines) {
        Duration after = denied == null ? null : denied.retryAfter();
        if (after != null) {
            lines.add("try again    in " + Math.max(1, after.toSeconds()) + " s");
        }
    }

    /** Asked before anything is sent: afterwards the call has run. */
    private void requireFolderOfReceipt() {
        Path file = receipt;
        if (file == null) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
            throw CommandFailure
                    .unusable("--receipt: " + file + " cannot be written: name a file in a folder that exists;"
                            + " nothing was sent");
        }
    }

    private void told(@Nullable Receipt got, List<String> lines) {
        if (receipt != null && got != null) {
            lines.add("receipt      " + receipt + "; audit receipt verifies it");
        }
    }

    private void write(@Nullable Receipt got) {
        Path file = receipt;
        if (file != null && got != null) {
            NewFile.replace(file, to -> JsonOption.print(to, got.json()));
        }
    }
}
