package io.agentpassport.server.cli;

import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCall;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an agent asks for in a tool call: everything of the signed request that is the caller's to say; mix it in. */
final class ToolRequestOptions {

    private static final Pattern REQUEST_ID = Pattern
            .compile("[A-Za-z0-9._:-]{1," + ToolCall.MAX_REQUEST_ID_CHARACTERS + "}");

    @Parameters(paramLabel = "TOOL", arity = "0..1",
            description = "UPSTREAM/NAME, or a name that only one upstream has; see tools.")
    @Nullable
    String tool;

    @Option(names = "--args", paramLabel = "JSON", description = "Its arguments, or - for standard input. Default: {}.")
    @Nullable
    String args;

    @Option(names = "--grant", paramLabel = "GRANT_ID",
            description = "The grant to judge by. Default: the one that covers it best.")
    @Nullable
    String grant;

    @Option(names = "--scope", paramLabel = "SCOPE",
            description = "The scope that the grant must cover, such as files:read.")
    @Nullable
    String scope;

    @Option(names = "--budget-session", paramLabel = "ID",
            description = "The budget session to charge, one of the agent's own. Default: the grant's.")
    @Nullable
    String budgetSession;

    @Option(names = "--spend", paramLabel = "AMOUNT",
            description = "The most that the call may cost, such as 2.50; it is denied when its price is higher.")
    @Nullable
    String spend;

    @Option(names = "--currency", paramLabel = "CODE", description = "Of --spend. Default: USD.")
    @Nullable
    String currency;

    @Option(names = "--request-id", paramLabel = "TEXT",
            description = "The agent's own name for this call, 1 to 64 of A-Z a-z 0-9 . _ : -; what was allowed under it is"
                    + " never run again. Default: a random one.")
    @Nullable
    String requestId;

    /** Refuses all of it, where the request stands in a file; null, for nothing is asked for here. */
    @Nullable
    ToolRequest inFile() {
        for (String given : new String[]{tool, args, grant, scope, budgetSession, spend, currency, requestId}) {
            if (given != null) {
                throw CommandFailure
                        .unusable("what to call stands in the file of --request, and is signed: leave out TOOL,"
                                + " --args and the other options of a call");
            }
        }
        return null;
    }

    /** What was asked for, once it is known to be something that can be signed. */
    ToolRequest request(CliContext context) {
        if (tool == null) {
            throw CommandFailure
                    .unusable("name the tool to call, or with --request a file with a request that was kept");
        }
        ToolRequest request = ToolRequest.of(tool, Documents.inline(context, "--args", args));
        request = grant == null ? request : request.underGrant(grant);
        request = scope == null ? request : request.requiring(scope);
        if (budgetSession != null) {
            Bounds.placedId("--budget-session", ToolCall.BUDGET_SESSION_PREFIX, budgetSession);
            request = request.chargedTo(budgetSession);
        }
        if (requestId != null) {
            if (!REQUEST_ID.matcher(requestId).matches()) {
                throw CommandFailure.unusable("--request-id must be 1 to 64 of A-Z a-z 0-9 . _ : -");
            }
            request = request.named(requestId);
        }
        Money ceiling = ceiling();
        return ceiling == null ? request : request.spendingAtMost(ceiling);
    }

    private @Nullable Money ceiling() {
        if (spend == null) {
            if (currency != null) {
                throw CommandFailure.unusable("--currency says of what --spend is; name that too");
            }
            return null;
        }
        Decimal amount = Decimal.fromText(spend);
        if (amount == null || amount.sign() < 0) {
            throw CommandFailure.unusable("--spend must be an amount such as 2.50, and not negative");
        }
        String code = currency == null ? "USD" : currency;
        if (!Money.isCurrency(code)) {
            throw CommandFailure.unusable("--currency must be 3 to 8 capital letters, such as USD, not " + code);
        }
        return new Money(amount, code);
    }
}
