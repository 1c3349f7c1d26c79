package io.agentpassport.server.cli;

import io.agentpassport.client.CertificateRecord;
import io.agentpassport.client.GrantDraft;
import io.agentpassport.client.PassportClient;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a grant is to give, and to whom. */
final class GrantOptions {

    private static final Duration MAX_LIFE = Duration.ofDays(366);
    private static final Duration DEFAULT_LIFE = Duration.ofDays(30);
    private static final int MAX_DEPTH = 7;
    /** An array is no object, so it is read as a member of one. */
    private static final JsonParser PARSER = JsonParser.with(JsonLimits.TOOL_ARGUMENTS);

    @Option(names = "--binding", required = true, paramLabel = "TEXT",
            description = "The agent that may call, such as agent:alice.")
    String binding = "";

    @Option(names = "--issuer-domain", paramLabel = "TEXT",
            description = "The domain that issued its certificate. Default: that of the certificate it was issued here, or of"
                    + " the grant above.")
    @Nullable
    String issuerDomain;

    @Option(names = "--tool", required = true, paramLabel = "TOOL",
            description = "A tool, UPSTREAM/NAME, or the beginning of one and a star; may be repeated.")
    List<String> tools = new ArrayList<>();

    @Option(names = "--scope", paramLabel = "SCOPE",
            description = "A scope, such as files:read, which covers what is below it too; may be repeated.")
    List<String> scopes = new ArrayList<>();

    @Option(names = "--policy", paramLabel = "ID", description = "The policy that judges its calls.")
    @Nullable
    String policy;

    @Option(names = "--limits", paramLabel = "JSON",
            description = "Limits of its own, a JSON array, written as in a policy.")
    @Nullable
    String limits;

    @Option(names = "--budget", paramLabel = "AMOUNT", description = "What its calls may cost in all.")
    @Nullable
    String budget;

    @Option(names = "--currency", paramLabel = "CODE", defaultValue = "USD",
            description = "Of the budget. Default: ${DEFAULT-VALUE}.")
    String currency = "USD";

    @Option(names = "--for", paramLabel = "DURATION", converter = Durations.class,
            description = "How long it stands, at most 366d. Default: 30d, and never longer than the grant above.")
    @Nullable
    Duration life;

    @Option(names = "--delegable", paramLabel = "DEPTH", defaultValue = "0",
            description = "How many grants may follow below it, 0 to 7. Default: ${DEFAULT-VALUE}, it cannot be passed on.")
    Integer depth = 0;

    @Option(names = "--settles-below-reserve",
            description = "Let the agent settle calls that it runs itself below what was reserved for them.")
    boolean settlesBelow;

    /** Refuses what no service takes. */
    void require() {
        Bounds.text("--binding", binding, 1, Bounds.NAME_CHARACTERS);
        Bounds.text("--issuer-domain", issuerDomain, 1, Bounds.NAME_CHARACTERS);
        Bounds.duration("--for", life == null ? DEFAULT_LIFE : life, Duration.ofSeconds(1), MAX_LIFE);
        Bounds.number("--delegable", depth, 0, MAX_DEPTH);
        money();
    }

    /** The domain of the newest certificate that the service issued for the binding. */
    String domainByCertificate(PassportClient client) {
        List<CertificateRecord> known = client.certificates().list(binding, null, 1, null).items();
        if (known.isEmpty()) {
            throw CommandFailure
                    .unusable("no certificate was issued here for " + binding + "; check --binding, or name the"
                            + " domain that issued it with --issuer-domain");
        }
        return known.get(0).issuerDomain();
    }

    /** Until when it stands when nothing is above it. */
    Instant end(Instant now) {
        return now.plus(life == null ? DEFAULT_LIFE : life);
    }

    /** Until when it stands below another: as long as that, unless another life was asked for. */
    Instant endBelow(Instant endAbove, Instant now) {
        Instant own = end(now);
        return life == null && own.isAfter(endAbove) ? endAbove : own;
    }

    GrantDraft draft(Instant end, String domain) {
        GrantDraft draft = GrantDraft.to(new Identity(domain, binding), end)
                .tools(tools)
                .scopes(scopes)
                .policy(policy)
                .limits(limits == null ? JsonArray.EMPTY : array("--limits", limits))
                .budget(money())
                .delegable(depth);
        return settlesBelow ? draft.settlingBelowReserve() : draft;
    }

    private @Nullable Money money() {
        if (budget == null) {
            return null;
        }
        Decimal amount = Decimal.fromText(budget);
        if (amount == null || amount.sign() <= 0) {
            throw CommandFailure.unusable("--budget must be an amount above 0, such as 20 or 2.50, not " + budget);
        }
        if (!Money.isCurrency(currency)) {
            throw CommandFailure.unusable("--currency must be 3 to 8 capital letters, such as USD, not " + currency);
        }
        return new Money(amount, currency);
    }

    /** A JSON array that somebody gave. */
    static JsonArray array(String from, String text) {
        byte[] wrapped = ("{\"array\":" + text + "}").getBytes(StandardCharsets.UTF_8);
        if (PARSER.parse(wrapped) instanceof JsonParser.Parsed parsed && parsed.object().size() == 1
                && parsed.object().get("array") instanceof JsonArray array) {
            return array;
        }
        throw CommandFailure.unusable(from
                + " gave no JSON array, such as [{\"counter\":\"calls\",\"window\":\"minute\",\"max\":30}]");
    }
}
