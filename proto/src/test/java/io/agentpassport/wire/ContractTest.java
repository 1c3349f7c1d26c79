package io.agentpassport.wire;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.trust.TrustAnchorState;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.proto.v1.ApprovalState;
import io.agentpassport.proto.v1.BudgetSessionStatus;
import io.agentpassport.proto.v1.GrantState;
import io.agentpassport.proto.v1.LedgerEntryKind;
import io.agentpassport.proto.v1.MutualAuthFailureReason;
import io.agentpassport.proto.v1.PartitionState;
import io.agentpassport.proto.v1.PolicyChangeEffect;
import io.agentpassport.proto.v1.PolicyFormat;
import io.agentpassport.proto.v1.SettlementOutcome;
import io.agentpassport.proto.v1.ToolCallOutcome;
import io.agentpassport.proto.v1.ToolCallState;
import io.agentpassport.proto.v1.TraceResult;
import io.agentpassport.proto.v1.TrustBundleFailureReason;
import io.agentpassport.proto.v1.UpstreamKind;
import io.agentpassport.proto.v1.UpstreamState;
import io.agentpassport.proto.v1.UpstreamToolState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The lists that stand both in the .proto files and in Java are the same lists, and mean the same. */
class ContractTest {

    private static final Path PROTO = Path.of("src/main/protobuf/agentpassport/v1");
    private static final Pattern CONSTANT = Pattern.compile("((?:  //[^\n]*\n)+)  ([A-Z_]+) = \\d+;");

    @Test
    void everyErrorReasonStandsInTheContractAndNoOther() {
        assertSameNames("ERROR_REASON_", io.agentpassport.proto.v1.ErrorReason.values(), ErrorReason.values());
    }

    @Test
    void everyMutualAuthFailureStandsInTheContractAndNoOther() {
        assertSameNames("MUTUAL_AUTH_FAILURE_REASON_", MutualAuthFailureReason.values(), MutualAuthFailure.values());
        for (MutualAuthFailure reason : MutualAuthFailure.values()) {
            assertThat(MutualAuthFailures.encode(reason).name())
                    .isEqualTo("MUTUAL_AUTH_FAILURE_REASON_" + reason.name());
            assertThat(MutualAuthFailures.decode(MutualAuthFailures.encode(reason))).isEqualTo(reason);
        }
        assertThat(MutualAuthFailures.decode(MutualAuthFailureReason.UNRECOGNIZED)).isNull();
        assertThat(MutualAuthFailures.decode(MutualAuthFailureReason.MUTUAL_AUTH_FAILURE_REASON_UNSPECIFIED)).isNull();
    }

    @Test
    void everyBundleFailureStandsInTheContractAndNoOther() {
        assertSameNames("TRUST_BUNDLE_FAILURE_REASON_", TrustBundleFailureReason.values(),
                TrustBundle.Invalid.values());
        for (TrustBundle.Invalid reason : TrustBundle.Invalid.values()) {
            assertThat(TrustAnswers.encode(reason).name()).isEqualTo("TRUST_BUNDLE_FAILURE_REASON_" + reason.name());
        }
    }

    @Test
    void rolesAndStatesAreTheSameOnBothSides() {
        assertSameNames("ROLE_", io.agentpassport.proto.v1.Role.values(), Role.values());
        assertSameNames("CERTIFICATE_STATE_", io.agentpassport.proto.v1.CertificateState.values(),
                CertificateState.values());
        assertSameNames("TRUST_ANCHOR_STATE_", io.agentpassport.proto.v1.TrustAnchorState.values(),
                TrustAnchorState.values());
        assertSameNames("SESSION_STATE_", io.agentpassport.proto.v1.SessionState.values(), SessionState.values());
        for (Role role : Role.values()) {
            assertThat(Roles.encode(role).name()).isEqualTo("ROLE_" + role.name());
        }
    }

    @Test
    void theListsOfTheGatewayAreTheSameOnBothSides() {
        assertSameNames("DECISION_CODE_", io.agentpassport.proto.v1.DecisionCode.values(), DecisionCode.values());
        for (DecisionCode code : DecisionCode.values()) {
            assertThat(DecisionCode.decode(code.encode())).isEqualTo(code);
        }
        assertSameNames("GRANT_STATE_", GrantState.values(), GrantRequests.State.values());
        assertSameNames("APPROVAL_STATE_", ApprovalState.values(), ApprovalRequests.State.values());
        assertSameNames("BUDGET_SESSION_STATUS_", BudgetSessionStatus.values(), BudgetRequests.Status.values());
        assertSameNames("LEDGER_ENTRY_KIND_", LedgerEntryKind.values(), BudgetAnswers.LedgerEntryKind.values());
        assertSameNames("SETTLEMENT_OUTCOME_", SettlementOutcome.values(), GatewayRequests.Outcome.values());
        assertSameNames("TOOL_CALL_OUTCOME_", ToolCallOutcome.values(), GatewayAnswers.Run.values());
        assertSameNames("TOOL_CALL_STATE_", ToolCallState.values(), GatewayAnswers.State.values());
        assertSameNames("POLICY_FORMAT_", PolicyFormat.values(), PolicyRequests.Format.values());
        assertSameNames("TRACE_RESULT_", TraceResult.values(), PolicyAnswers.Passing.values());
        assertSameNames("POLICY_CHANGE_EFFECT_", PolicyChangeEffect.values(), PolicyAnswers.Effect.values());
        assertSameNames("PARTITION_STATE_", PartitionState.values(), OperationsAnswers.PartitionState.values());
        assertSameNames("UPSTREAM_KIND_", UpstreamKind.values(), UpstreamAnswers.Kind.values());
        assertSameNames("UPSTREAM_STATE_", UpstreamState.values(), UpstreamAnswers.State.values());
        assertSameNames("UPSTREAM_TOOL_STATE_", UpstreamToolState.values(), UpstreamRequests.ToolState.values());
    }

    @Test
    void everyErrorReasonIsDocumentedWithItsCodeAndMetadata() throws IOException {
        Map<String, String> comments = comments("error_reason.proto");
        for (ErrorReason reason : ErrorReason.values()) {
            String comment = comments.getOrDefault("ERROR_REASON_" + reason.name(), "");
            if (reason != ErrorReason.MUTUAL_AUTH_FAILED) {
                assertThat(comment).startsWith(reason.codes().iterator().next() + ". ");
            }
            assertThat(comment).contains("Metadata: ");
            String metadata = comment.substring(comment.indexOf("Metadata: "));
            if (reason.metadataKeys().isEmpty()) {
                assertThat(metadata).isEqualTo("Metadata: none.");
            }
            for (String key : reason.metadataKeys()) {
                assertThat(metadata).as(reason.name()).contains("`" + key + "`");
            }
        }
    }

    @Test
    void everyMutualAuthFailureIsDocumentedWithItsCode() throws IOException {
        Map<String, String> comments = comments("mutual_auth.proto");
        for (MutualAuthFailure reason : MutualAuthFailure.values()) {
            assertThat(comments.get("MUTUAL_AUTH_FAILURE_REASON_" + reason.name()))
                    .endsWith(" " + ServiceErrors.mutualAuthFailed(Failure.of(reason)).code() + ".");
        }
    }

    /** Every rpc says who may call it, and names only reasons there are. */
    @Test
    void everyRpcSaysWhoMayCallItAndHowItFails() throws IOException {
        Set<String> reasons = Arrays.stream(ErrorReason.values()).map(Enum::name).collect(toSet());
        Pattern rpc = Pattern.compile("((?:  //[^\n]*\n)+)  rpc (\\w+)\\(");
        int rpcs = 0;
        for (Path file : services()) {
            Matcher found = rpc.matcher(Files.readString(file));
            while (found.find()) {
                rpcs++;
                String comment = plain(found.group(1));
                assertThat(comment).as(found.group(2)).containsPattern(" Caller: [^.]+\\.$");
                int refused = comment.indexOf("Refused with ");
                if (refused >= 0) {
                    Matcher named = Pattern.compile("\\b[A-Z]+(?:_[A-Z]+)+\\b|\\b(?:OVERLOADED|MALFORMED|REPLAY)\\b")
                            .matcher(comment.substring(refused));
                    while (named.find()) {
                        assertThat(reasons).as(found.group(2)).contains(named.group());
                    }
                }
            }
        }
        assertThat(rpcs).isEqualTo(66);
    }

    private static List<Path> services() throws IOException {
        try (Stream<Path> files = Files.list(PROTO)) {
            return files.filter(file -> file.toString().endsWith("_service.proto")).sorted().toList();
        }
    }

    private static void assertSameNames(String prefix, Enum<?>[] contract, Enum<?>[] ours) {
        Set<String> expected = Stream.concat(Arrays.stream(ours).map(constant -> prefix + constant.name()),
                Stream.of(prefix + "UNSPECIFIED", "UNRECOGNIZED")).collect(toSet());
        assertThat(Arrays.stream(contract).map(Enum::name)).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Map<String, String> comments(String file) throws IOException {
        Matcher found = CONSTANT.matcher(Files.readString(PROTO.resolve(file)));
        return found.results().collect(toMap(match -> match.group(2), match -> plain(match.group(1))));
    }

    /** A comment on one line. */
    private static String plain(String comment) {
        return comment.replaceAll("(?m)^  // ?", "").replaceAll("\\s+", " ").strip();
    }
}
