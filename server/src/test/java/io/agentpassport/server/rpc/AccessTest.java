package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.proto.v1.ApprovalServiceGrpc;
import io.agentpassport.proto.v1.AuditServiceGrpc;
import io.agentpassport.proto.v1.BudgetSessionServiceGrpc;
import io.agentpassport.proto.v1.CertificateServiceGrpc;
import io.agentpassport.proto.v1.Enrolment;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.GrantServiceGrpc;
import io.agentpassport.proto.v1.IssueCertificateRequest;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.OperationsServiceGrpc;
import io.agentpassport.proto.v1.PolicyServiceGrpc;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.UpstreamServiceGrpc;
import io.agentpassport.proto.v1.WatchApprovalsRequest;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.tls.AdminRole;
import io.agentpassport.wire.SignedStatements;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every rpc, by every kind of caller. */
class AccessTest {

    private static final List<ServiceDescriptor> SERVICES = List.of(CertificateServiceGrpc.getServiceDescriptor(),
            TrustServiceGrpc.getServiceDescriptor(), MutualAuthServiceGrpc.getServiceDescriptor(),
            UpstreamServiceGrpc.getServiceDescriptor(), GatewayServiceGrpc.getServiceDescriptor(),
            GrantServiceGrpc.getServiceDescriptor(), PolicyServiceGrpc.getServiceDescriptor(),
            BudgetSessionServiceGrpc.getServiceDescriptor(), ApprovalServiceGrpc.getServiceDescriptor(),
            AuditServiceGrpc.getServiceDescriptor(), OperationsServiceGrpc.getServiceDescriptor());
    private static final Pattern RPC = Pattern.compile("((?:  //[^\\n]*\\n)+)  rpc (\\w+)\\(");
    private static final byte[] EMPTY = new byte[0];

    @TempDir
    Path folder;

    @Test
    void everyRpcOfTheContractHasARow() {
        assertThat(Access.methods()).containsExactlyInAnyOrderElementsOf(
                methods().map(MethodDescriptor::getFullMethodName).toList());
    }

    @Test
    void theTableSaysWhatTheContractSays() throws IOException {
        Map<String, String> contract = callerLines();
        assertThat(contract).hasSize(Access.methods().size());
        contract.forEach((method, line) -> assertThat(row(method).who()).as("%s: %s", method, line)
                .isEqualTo(meaning(line)));
        // An admin of one role is named where the contract asks for one.
        contract.forEach((method, line) -> {
            Matcher role = Pattern.compile("of\\s+role\\s+(\\w+)(?:\\s+or\\s+(\\w+))?").matcher(line);
            List<String> roles = role.find() ? Stream.of(role.group(1), role.group(2)).filter(Objects::nonNull).toList()
                    : List.of();
            assertThat(row(method).roles()).extracting(AdminRole::text).as("%s: %s", method, line).isEqualTo(roles);
        });
    }

    @Test
    void everyKindOfCallerGetsThroughWhereItMayAndNowhereElse() {
        try (TestServer service = TestServer.start(folder)) {
            AuthenticatedSession session = service.session(service.agent("agent:alice"));
            var nobody = new RawCalls(service.channel(null));
            var admin = new RawCalls(service.channel(service.adminCredential()));

            var seen = new HashMap<String, List<String>>();
            methods().forEach(method -> {
                byte[] proof = RawCalls.proof(session, method, EMPTY);
                seen.put(method.getFullMethodName(),
                        List.of(passed(nobody.call(method, request(method))),
                                passed(nobody.call(method, request(method), proof)),
                                passed(admin.call(method, request(method)))));
            });

            assertThat(seen).hasSize(Access.methods().size());
            seen.forEach((method, outcomes) -> assertThat(outcomes).as(method)
                    .isEqualTo(switch (row(method).who()) {
                        case ANYONE -> List.of("passed", "passed", "passed");
                        case AUTHENTICATED, AGENT_OR_ADMIN -> List.of("rpc_proof,mtls", "passed", "passed");
                        case AGENT -> List.of("rpc_proof", "passed", "role agent");
                        case ADMIN -> List.of("mtls", "role " + row(method).lacking(), "passed");
                    }));
        }
    }

    @Test
    void everyAdminLooksAndDoesWhatItsRoleSaysAndNothingElse() {
        try (TestServer service = TestServer.start(folder)) {
            for (AdminRole held : AdminRole.values()) {
                var admin = new RawCalls(service.channel(service.adminCredential(held)));

                var seen = new HashMap<String, String>();
                methods().forEach(method -> seen.put(method.getFullMethodName(),
                        passed(admin.call(method, request(method)))));

                assertThat(seen).hasSize(Access.methods().size());
                seen.forEach((method, outcome) -> {
                    Access row = row(method);
                    List<AdminRole> wanted = row.who() == Access.Who.ANYONE ? List.of() : row.roles();
                    String lacking = row.who() == Access.Who.AGENT ? "agent"
                            : wanted.isEmpty() || wanted.contains(held) ? null : wanted.get(0).text();
                    assertThat(outcome).as("%s by %s", method, held)
                            .isEqualTo(lacking == null ? "passed" : "role " + lacking);
                });
            }
        }
    }

    @Test
    void everyRoleIsAskedForSomewhere() {
        assertThat(methods().map(method -> row(method.getFullMethodName()).roles()).flatMap(List::stream).distinct())
                .containsExactlyInAnyOrder(AdminRole.values());
    }

    @Test
    void inDevelopmentWhoeverIsOnThisMachineMayAskButNothingElse() {
        try (TestServer service = TestServer.start(folder, ServerConfig::forDevelopment)) {
            var nobody = new RawCalls(service.channel(null));

            Map<String, String> seen = new LinkedHashMap<>();
            methods().filter(method -> row(method.getFullMethodName()).who() != Access.Who.ANYONE)
                    .forEach(method -> seen.put(method.getFullMethodName(),
                            passed(nobody.call(method, request(method)))));

            assertThat(seen.entrySet().stream().filter(e -> e.getValue().equals("passed"))).containsExactlyInAnyOrder(
                    entry("agentpassport.v1.TrustService/VerifyTrustBundle", "passed"),
                    entry("agentpassport.v1.MutualAuthService/VerifyAttest", "passed"),
                    entry("agentpassport.v1.MutualAuthService/DeriveSession", "passed"),
                    entry("agentpassport.v1.AuditService/GetCheckpoint", "passed"),
                    entry("agentpassport.v1.AuditService/GetInclusionProof", "passed"),
                    entry("agentpassport.v1.AuditService/GetConsistencyProof", "passed"));
        }
    }

    @Test
    void onlyAnIssuerCanIssueByEnrolment() {
        try (TestServer service = TestServer.start(folder)) {
            Signer key = AgentKey.generate(TestServer.NONCES).signer();
            var proof = new IssuanceProof("passport://localhost", Role.AGENT, "alice", "agent:alice", key.publicKey(),
                    List.of("1.0"), null, TestServer.NONCES.nonce(), (double) Instant.now().toEpochMilli());
            byte[] request = IssueCertificateRequest.newBuilder()
                    .setProof(SignedStatements.encode(SignedStatement.sign(proof.statement(), key)))
                    .setEnrolment(Enrolment.newBuilder().setPrincipal("somebody"))
                    .build()
                    .toByteArray();
            MethodDescriptor<?, ?> issue = CertificateServiceGrpc.getIssueCertificateMethod();

            assertThat(new RawCalls(service.channel(null)).call(issue, request).word())
                    .isEqualTo("CREDENTIALS_REQUIRED");
            assertThat(new RawCalls(service.channel(service.adminCredential(AdminRole.OPERATOR)))
                    .call(issue, request)
                    .word()).isEqualTo("ROLE_REQUIRED");
            assertThat(new RawCalls(service.channel(service.adminCredential(AdminRole.ISSUER)))
                    .call(issue, request)
                    .word()).isEqualTo("OK");
        }
    }

    /** Nothing, but where nothing has no answer until something happens. */
    private static byte[] request(MethodDescriptor<?, ?> method) {
        return method == ApprovalServiceGrpc.getWatchApprovalsMethod()
                ? WatchApprovalsRequest.newBuilder().setCursor("no cursor").build().toByteArray()
                : EMPTY;
    }

    /** "passed" when the handler was reached, else why not. */
    private static String passed(RawCalls.Outcome outcome) {
        assertThat(outcome.word()).doesNotStartWith("PROOF_").isNotEqualTo("SESSION_OVER");
        return switch (outcome.word()) {
            case "CREDENTIALS_REQUIRED" -> metadata(outcome, "accepted");
            case "ROLE_REQUIRED" -> "role " + metadata(outcome, "role");
            default -> "passed";
        };
    }

    private static String metadata(RawCalls.Outcome outcome, String key) {
        var error = Objects.requireNonNull(outcome.error());
        return Objects.requireNonNull(error.metadata().get(key));
    }

    private static Stream<MethodDescriptor<?, ?>> methods() {
        return SERVICES.stream().flatMap(service -> service.getMethods().stream());
    }

    private static Access row(String method) {
        @Nullable
        Access row = Access.of(method);
        return Objects.requireNonNull(row, method);
    }

    /** The {@code Caller:} paragraphs of the .proto files, by full method name. */
    private static Map<String, String> callerLines() throws IOException {
        Path protos = Path.of("..", "proto", "src", "main", "protobuf", "agentpassport", "v1");
        var lines = new LinkedHashMap<String, String>();
        for (ServiceDescriptor service : SERVICES) {
            String simple = service.getName().substring(service.getName().lastIndexOf('.') + 1);
            String file = simple.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT) + ".proto";
            Matcher rpc = RPC.matcher(Files.readString(protos.resolve(file)));
            while (rpc.find()) {
                String comment = rpc.group(1).replaceAll("  // ?", "");
                lines.put(service.getName() + "/" + rpc.group(2),
                        comment.substring(comment.lastIndexOf("Caller:")).replaceAll("\\s+", " ").strip());
            }
        }
        return lines;
    }

    private static Access.Who meaning(String line) {
        if (line.startsWith("Caller: anyone") || line.contains("whoever bears it")
                || line.startsWith("Caller: the holder of a certificate")
                || line.startsWith("Caller: an agent, by the signature on the call")) {
            return Access.Who.ANYONE;
        }
        if (line.startsWith("Caller: any authenticated caller")) {
            return Access.Who.AUTHENTICATED;
        }
        boolean agents = line.contains("an agent") || line.contains("the agent");
        if (!line.contains("an admin")) {
            assertThat(agents).as(line).isTrue();
            return Access.Who.AGENT;
        }
        return agents ? Access.Who.AGENT_OR_ADMIN : Access.Who.ADMIN;
    }
}
