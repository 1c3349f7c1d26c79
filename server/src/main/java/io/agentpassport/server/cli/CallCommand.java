package io.agentpassport.server.cli;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.OwnApprovals;
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
import io.agentpassport.server.gateway.approval.ApprovalId;
import java.io.IOException;
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
    "Where a person must approve it, the request is kept in a file, and --request sends the very same again, which runs once"
            + " at most; --wait waits for the person and does so by itself. The session that it was signed in is kept beside"
            + " the identity (agent-alice.session), for the calls that come after."
}, exitCodeList = {
    "0:allowed, and the tool answered",
    "1:denied, or nobody approved it in time",
    "2:the command line, the configuration or the environment is not right",
    "3:allowed, but the tool says that it failed, or there is no answer of it; the same request is not run again",
    "70:a fault of this program"
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
            description = "For how long to wait for an approval, at most 1d; who stops waiting sooner goes on with the kept"
                    + " request. Default: ${DEFAULT-VALUE}.")
    Duration wait = Duration.ZERO;

    @Option(names = "--save-request", paramLabel = "FILE",
            description = "Keep the signed request in this file before it is sent; it holds the arguments. Default: only when it"
                    + " waits for a person, in appr_….json in this folder. It can be sent as long as its session lasts: until"
                    + " no call was made in it for 15 minutes, or its certificate ends.")
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
        if (from != null) {
            var unused = FileKind.KEPT_REQUEST.read(context, from);
        }
        AgentIdentity agent = identity.load();
        try (PassportClient client = service.open(context);
                CallSession session = from == null
                        ? CallSession.forNew(context, client, agent, identity.identity)
                        : CallSession.ofKept(client, agent, identity.identity, from)) {
            kept = from;
            ToolGateway tools = session.get().tools().verifyingBy(logKey(client, session.get().identity()));
            SignedToolRequest signed = from == null
                    ? tools.sign(Objects.requireNonNull(asked))
                    : session.get().savedRequest(from);
            if (saveRequest != null) {
                session.keep(saveRequest, signed);
                kept = saveRequest;
            }
            return preview ? print(tools.preview(signed)) : print(answered(session, tools, signed));
        }
    }

    /** No answer is believed without a receipt that this key verifies; an agent's own service names it in its bundle. */
    private LogKey logKey(PassportClient client, AgentIdentity agent) {
        return logKey.isNamed() || service.data.of(context).isInitialised()
                ? logKey.of(context, service.data)
                : client.trust().logKey(agent.audience(), agent.publisher());
    }

    private CallOutcome answered(CallSession session, ToolGateway tools, SignedToolRequest signed) {
        ToolCallAnswer answer = tools.send(signed);
        if (!(answer instanceof ToolDenial.ApprovalRequired held) || held.approvalId() == null) {
            return new CallOutcome(answer, null, kept);
        }
        OwnApprovals approvals = session.get().approvals();
        if (held.state().equals("denied")) {
            return new CallOutcome(answer, approvals.get(held.approvalId()), kept);
        }
        // Before anybody waits: who stops this command, or loses the connection, has the request all the same.
        Path own = keep(session, signed, held);
        if (wait.isZero() || !CallOutcome.isPending(held)) {
            return new CallOutcome(answer, null, kept);
        }
        context.err()
                .println("passport: waiting for a person, who types: " + context.program() + " approvals show "
                        + Visible.text(String.valueOf(held.approvalId())));
        if (kept != null) {
            context.err()
                    .println("passport: the request is kept; if you stop waiting, it goes on with: " + goesOn(kept));
        }
        ApprovalRecord decided = awaited(approvals, held);
        context.err().println("passport: " + Visible.text(decided.state()));
        // A no is final: sent again, the request could be answered as stale, which is not why it does not run.
        CallOutcome outcome = decided.state().equals("denied")
                ? new CallOutcome(answer, decided, kept)
                : new CallOutcome(tools.send(signed), null, kept);
        return own == null ? outcome : withoutFile(outcome, own);
    }

    /** What this command kept by itself goes when nothing can come of it any more. */
    private static CallOutcome withoutFile(CallOutcome outcome, Path own) {
        if (outcome.answer() instanceof ToolDenial && outcome.refusal() == null) {
            return outcome;
        }
        try {
            Files.deleteIfExists(own);
            return new CallOutcome(outcome.answer(), outcome.refusal(), null);
        } catch (IOException e) {
            return outcome; // and is told of the file
        }
    }

    private ApprovalRecord awaited(OwnApprovals approvals, ToolDenial.ApprovalRequired held) {
        long begun = context.ticker().getAsLong();
        try {
            return approvals.awaitDecision(String.valueOf(held.approvalId()), wait);
        } catch (PassportException e) {
            // Before the wait is over it is the service that did not answer, which is another matter.
            boolean over = context.ticker().getAsLong() - begun >= wait.toNanos();
            throw over && e.reason() == PassportException.Reason.TIMED_OUT ? CommandFailure.timedOut(e, kept == null
                    ? ""
                    : "; the request is kept, and goes on with: " + goesOn(kept)) : e;
        }
    }

    /**
     * Without the request its approval could not be used; a call that cannot be kept is answered all the same.
     *
     * @return the file that was made for it; null when it is kept elsewhere, or not at all
     */
    private @Nullable Path keep(CallSession session, SignedToolRequest signed, ToolDenial.ApprovalRequired held) {
        if (kept != null || !CallOutcome.isPending(held)) {
            return null;
        }
        Path file = keptIn(held.approvalId());
        if (file == null) {
            lost("the service names its approval by no id");
            return null;
        }
        try {
            session.keep(file, signed);
            kept = file;
            return file;
        } catch (PassportException e) {
            lost(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private void lost(String why) {
        context.err()
                .println("passport: the request is lost: " + Visible.text(why)
                        + "; name a file with --save-request");
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
        var text = new CallText(outcome, context.program(), outcome.kept() == null ? null : goesOn(outcome.kept()),
                context.program() + " tools" + identity.asTyped() + service.asTyped());
        List<String> lines = text.lines();
        told(outcome.answer().receipt(), lines);
        // The answer first: a call that ran is not undone by a file that cannot be written.
        json.print(context, text.json(), lines.toArray(new String[0]));
        write(outcome.answer().receipt());
        return text.exitCode();
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
