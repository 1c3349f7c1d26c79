package io.agentpassport.server.cli;

import io.agentpassport.client.AgentIdentity;
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
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.approval.ApprovalId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
            + " sends the very same request again, which runs once at most. Without --wait the request is kept in a file, and"
            + " --request sends it again."
}, footer = {"  ${COMMAND-FULL-NAME} calculator --args '{\"expression\":\"19.99 * 3\"}' \\",
    "      --key agent-alice.key --identity agent-alice.json",
    "  ${COMMAND-FULL-NAME} shop/buy --args '{\"item\":7}' --wait 10m --receipt bought.json \\",
    "      --key agent-alice.key --identity agent-alice.json",
    "  ${COMMAND-FULL-NAME} --request appr_….json --key agent-alice.key --identity agent-alice.json",
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

    @Option(names = "--save-request", paramLabel = "FILE",
            description = "Keep the signed request in this file before it is sent; it holds the arguments. Default: only when it"
                    + " waits for a person, in appr_….json in this folder. Its session is then left open, until it rests for 15"
                    + " minutes; an agent has five.")
    @Nullable
    Path saveRequest;

    @Option(names = "--request", paramLabel = "FILE",
            description = "Send a request again that was kept; instead of TOOL and what belongs to it.")
    @Nullable
    Path request;

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

    /** The file with the signed request; null while there is none. */
    private @Nullable Path kept;

    CallCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (wait.compareTo(Duration.ofDays(1)) > 0) {
            throw CommandFailure.unusable("--wait is at most 1d");
        }
        if (preview && saveRequest != null) {
            throw CommandFailure.unusable("--preview sends nothing that could be kept: leave out --save-request");
        }
        requireFolderOfReceipt();
        Path from = request;
        ToolRequest asked = from == null ? what.request(context) : what.inFile();
        AgentIdentity agent = identity.load();
        try (PassportClient client = service.open(context)) {
            AuthenticatedSession session = from == null
                    ? Handshake.with(client, agent).run()
                    : AuthenticatedSession.resume(client, agent, from);
            kept = from;
            try {
                ToolGateway tools = session.tools().verifyingBy(logKey(client, session.identity()));
                SignedToolRequest signed = from == null
                        ? tools.sign(Objects.requireNonNull(asked))
                        : session.savedRequest(from);
                if (saveRequest != null) {
                    session.save(saveRequest, signed);
                    kept = saveRequest;
                }
                return preview ? print(tools.preview(signed)) : print(answered(session, tools, signed));
            } finally {
                // A request is worth nothing without its session.
                if (kept == null) {
                    session.end("the command is done");
                }
            }
        }
    }

    /** No answer is believed without a receipt that this key verifies; an agent's own service names it in its bundle. */
    private LogKey logKey(PassportClient client, AgentIdentity agent) {
        return logKey.isNamed() || service.data.of(context).isInitialised()
                ? logKey.of(context, service.data)
                : client.trust().logKey(agent.audience(), agent.publisher());
    }

    private CallOutcome answered(AuthenticatedSession session, ToolGateway tools, SignedToolRequest signed) {
        ToolCallAnswer answer = tools.send(signed);
        if (!(answer instanceof ToolDenial.ApprovalRequired held) || held.approvalId() == null) {
            return new CallOutcome(answer, null, kept);
        }
        if (held.state().equals("denied")) {
            return new CallOutcome(answer, session.approvals().get(held.approvalId()), kept);
        }
        if (wait.isZero() || !CallOutcome.isPending(held)) {
            keep(session, signed, held);
            return new CallOutcome(answer, null, kept);
        }
        context.err()
                .println("passport: waiting for a person, who types: " + context.program() + " approvals show "
                        + Visible.text(String.valueOf(held.approvalId())));
        ApprovalRecord decided = awaited(session, signed, held);
        context.err().println("passport: " + Visible.text(decided.state()));
        // A no is final: sent again, the request could be answered as stale, which is not why it does not run.
        return decided.state().equals("denied")
                ? new CallOutcome(answer, decided, kept)
                : new CallOutcome(tools.send(signed), null, kept);
    }

    private ApprovalRecord awaited(AuthenticatedSession session, SignedToolRequest signed,
            ToolDenial.ApprovalRequired held) {
        long begun = context.ticker().getAsLong();
        try {
            return session.approvals().awaitDecision(String.valueOf(held.approvalId()), wait);
        } catch (PassportException e) {
            // Before the wait is over it is the service that did not answer, which is another matter.
            boolean over = context.ticker().getAsLong() - begun >= wait.toNanos();
            keep(session, signed, held);
            throw over && e.reason() == PassportException.Reason.TIMED_OUT ? CommandFailure.timedOut(e, kept == null
                    ? ""
                    : "; the request is kept, and goes on with: " + goesOn(kept)) : e;
        }
    }

    /** Without the request its approval could not be used; a call that cannot be kept is answered all the same. */
    private void keep(AuthenticatedSession session, SignedToolRequest signed, ToolDenial.ApprovalRequired held) {
        if (kept != null || !CallOutcome.isPending(held)) {
            return;
        }
        Path file = keptIn(held.approvalId());
        if (file == null) {
            lost("the service names its approval by no id");
            return;
        }
        try {
            session.save(file, signed);
            kept = file;
        } catch (PassportException e) {
            lost(String.valueOf(e.getMessage()));
        }
    }

    private void lost(String why) {
        context.err()
                .println("passport: the request is lost: " + Visible.text(why)
                        + "; name a file with --save-request, or wait with --wait");
    }

    /** Where a request is kept that waits for that approval; null when what the service says is no name of a file here. */
    static @Nullable Path keptIn(@Nullable String approval) {
        ApprovalId id = ApprovalId.fromText(approval);
        return id == null ? null : Path.of(id.text() + ".json");
    }

    /** The command that sends a kept request. */
    private String goesOn(Path file) {
        return context.program() + " call --request " + CliContext.quoted(file.toString()) + identity.asTyped()
                + service.asTyped() + logKey.asTyped();
    }

    private int print(ToolGateway.Preview asked) {
        var lines = new ArrayList<String>();
        lines.add("would be     " + (asked.wouldAllow() ? "allowed" : "denied: " + asked.decision().code()));
        DecisionText.explain(asked.decision(), asked.decision().message(), asked.price(), lines);
        JsonObject.Builder document = DecisionText.json(asked.decision(), asked.price(), asked.receipt())
                .put("would_allow", JsonBoolean.of(asked.wouldAllow()));
        DecisionText.again(asked.denial(), document, lines);
        told(asked.receipt(), lines);
        json.print(context, document.build(), lines.toArray(new String[0]));
        write(asked.receipt());
        return asked.wouldAllow() ? 0 : CommandFailure.REFUSED;
    }

    private int print(CallOutcome outcome) {
        ToolCallAnswer answer = outcome.answer();
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
        DecisionText.explain(answer.decision(), outcome.why(), cost, lines);
        if (answer instanceof ToolCallAnswer.Ran ran && ran.overrun() != null) {
            lines.add("overrun      " + DecisionText.text(ran.overrun()) + ", which the budget did not cover");
            document.put("overrun", ran.overrun().json());
        }
        DecisionText.again(answer instanceof ToolDenial denied ? denied : null, document, lines);
        if (answer instanceof ToolDenial.ApprovalRequired held && held.approvalId() != null) {
            approval(outcome, held, lines);
            document.put("approval_id", held.approvalId())
                    .put("approval_state", outcome.refusal() == null ? held.state() : outcome.refusal().state())
                    .put("approval_comment", outcome.comment());
        }
        document.put("request_file", outcome.kept() == null ? null : outcome.kept().toString());
        if (answer instanceof ToolCallAnswer.Completed done) {
            lines.add("result       " + Visible.json(done.result()));
        }
        told(answer.receipt(), lines);
        // The answer first: a call that ran is not undone by a file that cannot be written.
        json.print(context, document.build(), lines.toArray(new String[0]));
        write(answer.receipt());
        return answer instanceof ToolDenial ? CommandFailure.REFUSED : 0;
    }

    private void approval(CallOutcome outcome, ToolDenial.ApprovalRequired held, List<String> lines) {
        if (outcome.pending() == null) {
            lines.add("approval     " + held.approvalId()
                    + (outcome.refusal() == null ? " is " + held.state() + ": call the tool anew" : ""));
            return;
        }
        lines.add("approval     " + held.approvalId() + ", until " + held.expiresAt());
        lines.add("             a person decides with: " + context.program() + " approvals approve "
                + held.approvalId());
        if (outcome.kept() != null) {
            lines.add("request      kept in " + outcome.kept() + "; then the very same goes on, and runs once, with:");
            lines.add("             " + goesOn(outcome.kept()));
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
