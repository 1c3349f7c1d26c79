package io.agentpassport.server.cli;

import static io.agentpassport.server.cli.Storyteller.as;
import static io.agentpassport.server.cli.Storyteller.require;

import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.GrantDraft;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PolicySource;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.wire.Decision;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The part of the demo in which the agent calls tools, and is told yes and no. */
final class DemoCalls {

    private static final String POLICY_ID = "demo";
    private static final String POLICY = """
            version: "1"
            default: deny
            tools:
              calculator:
                deny_if:
                  - conditions: [{path: args.expression, op: contains, value: "^"}]
                    on_deny: Powers are too dear.
                price: {amount: "0.40", currency: USD}
              echo:
                limits: [{counter: echoes, window: hour, max: 2, algorithm: sliding}]
              clock:
                require_approval: {reason: Somebody asks what time it is here., expires: 5m}
            """;
    private static final Money BUDGET = money("1.00");

    private final Storyteller story;
    private final PassportClient admin;
    private final LogKey logKey;
    private final InstantSource clock;
    private final ToolGateway tools;

    DemoCalls(Storyteller story, PassportClient admin, AuthenticatedSession session, LogKey logKey,
            InstantSource clock) {
        this.story = story;
        this.admin = admin;
        this.logKey = logKey;
        this.clock = clock;
        this.tools = session.tools().verifyingBy(logKey);
    }

    void tell(Identity buyer) {
        grant(buyer);
        allowed();
        deniedByPolicy();
        stoppedByLimit();
        stoppedByBudget();
        approved();
    }

    private void grant(Identity buyer) {
        story.chapter("An admin writes a policy, and grants the agent three tools and 1.00 USD to spend");
        String version = admin.policies().put(POLICY_ID, new PolicySource.Written(POLICY), 0, "demo").policy().version()
                + "";
        GrantRecord grant = admin.grants()
                .create(GrantDraft.to(buyer, clock.instant().plus(Duration.ofHours(1)))
                        .tools("builtin/calculator", "builtin/echo", "builtin/clock")
                        .policy(POLICY_ID)
                        .budget(BUDGET));
        story.fact("policy",
                POLICY_ID + "@" + version + ": calculator 0.40 USD a call and no powers, echo twice an hour,"
                        + " clock when a person approves");
        story.fact("grant", grant.id() + " to " + grant.subject().binding());
    }

    private void allowed() {
        story.chapter("The agent calls a tool: allowed, with a receipt that anyone can check");
        var done = as(ToolCallAnswer.Completed.class, calculate("19.99 * 3"));
        story.fact("19.99 * 3", result(done, "result"));
        story.fact("cost", text(done.cost()) + ", " + budgetLeft(done.decision()));
        story.fact("receipt", receipt(done.receipt()));
    }

    private void deniedByPolicy() {
        story.chapter("It asks for what the policy forbids");
        denied(as(ToolDenial.DeniedByRule.class, calculate("2 ^ 64")));
    }

    private void stoppedByLimit() {
        story.chapter("It calls a tool more often than its limit lets it");
        var twice = List.of(as(ToolCallAnswer.Completed.class, echo()), as(ToolCallAnswer.Completed.class, echo()));
        story.fact("allowed", twice.size() + " times");
        var third = as(ToolDenial.LimitReached.class, echo());
        denied(third);
        story.fact("back at", third.decision()
                .limits()
                .stream()
                .map(left -> Objects.toString(left.resetsAt()))
                .collect(Collectors.joining()));
    }

    private void stoppedByBudget() {
        story.chapter("It spends until its budget does not cover the price");
        var second = as(ToolCallAnswer.Completed.class, calculate("1 / 3"));
        story.fact("1 / 3", text(second.cost()) + ", " + budgetLeft(second.decision()));
        var third = as(ToolDenial.BudgetExceeded.class, calculate("2 / 3"));
        denied(third);
        story.fact("spent", "nothing: " + budgetLeft(third.decision()));
    }

    private void approved() {
        story.chapter("It asks for what a person must approve");
        SignedToolRequest request = tools.sign(ToolRequest.of("clock", JsonObject.EMPTY));
        var held = as(ToolDenial.ApprovalRequired.class, tools.send(request));
        denied(held);
        ApprovalRecord seen = admin.approvals().get(Objects.requireNonNull(held.approvalId()));
        story.fact("a person sees", seen.agent().binding() + " wants " + seen.tool() + " " + params(seen)
                + ", signed as " + seen.digest().text());
        ApprovalRecord decided = admin.approvals().approve(seen, "fine");
        story.fact("and decides", decided.state() + " by "
                + decided.votes().stream().map(ApprovalRecord.Vote::approver).collect(Collectors.joining()));
        var ran = as(ToolCallAnswer.Completed.class, tools.send(request));
        story.fact("the same request", "ran: " + result(ran, "instant"));
        var again = as(ToolCallAnswer.Completed.class, tools.send(request));
        require(again.stored() && again.result().equals(ran.result()), "a call is run once");
        story.fact("and once more", "not run again: the stored answer of " + result(again, "instant"));
    }

    private ToolCallAnswer calculate(String expression) {
        return tools.call(ToolRequest.of("calculator", JsonObject.builder().put("expression", expression).build()));
    }

    private ToolCallAnswer echo() {
        return tools.call(ToolRequest.of("echo", JsonObject.builder().put("message", "Hello?").build()));
    }

    private void denied(ToolDenial denial) {
        Decision decision = denial.decision();
        story.fact("denied", decision.code() + ": " + decision.message());
        if (decision.rule() != null) {
            story.fact("by the rule", DecisionText.rule(decision.rule()));
        }
        require(denial.receipt() != null, "a denial has a receipt too");
    }

    private static String params(ApprovalRecord seen) {
        return seen.params() == null || seen.params().size() == 0 ? "without arguments" : seen.params().toString();
    }

    private static String result(ToolCallAnswer.Completed done, String member) {
        JsonObject structured = done.result().object("structuredContent");
        String text = structured == null ? null : structured.string(member);
        require(text != null, "the tool answers " + member);
        return Objects.requireNonNull(text);
    }

    private String receipt(@Nullable Receipt receipt) {
        Receipt.Verdict verdict = Objects.requireNonNull(receipt).verify(logKey);
        var verified = as(Receipt.Verified.class, verdict);
        return "entries " + verified.entries()
                .stream()
                .map(LogEntry::index)
                .map(String::valueOf)
                .collect(Collectors.joining(" and ")) + " of the log, checked offline with the log's key alone";
    }

    private static String budgetLeft(Decision decision) {
        Decision.BudgetLeft left = Objects.requireNonNull(decision.budget());
        return text(left.remaining()) + " left";
    }

    private static String text(@Nullable Money money) {
        return money == null ? "free" : money.amount().text() + " " + money.currency();
    }

    private static Money money(String amount) {
        return new Money(Objects.requireNonNull(Decimal.fromText(amount)), "USD");
    }
}
