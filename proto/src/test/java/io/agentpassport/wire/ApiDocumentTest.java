package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.proto.v1.ApprovalServiceProto;
import io.agentpassport.proto.v1.AuditServiceProto;
import io.agentpassport.proto.v1.BudgetSessionServiceProto;
import io.agentpassport.proto.v1.CertificateServiceProto;
import io.agentpassport.proto.v1.GatewayServiceProto;
import io.agentpassport.proto.v1.GetSessionRequest;
import io.agentpassport.proto.v1.GrantServiceProto;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.MutualAuthServiceProto;
import io.agentpassport.proto.v1.OperationsServiceProto;
import io.agentpassport.proto.v1.PolicyServiceProto;
import io.agentpassport.proto.v1.TrustServiceProto;
import io.agentpassport.proto.v1.UpstreamServiceProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What docs/api.md says is true. */
class ApiDocumentTest {

    private String document = "";

    @BeforeEach
    void read() throws IOException {
        document = Files.readString(Path.of("../docs/api.md"));
    }

    @Test
    void theSignedCallIsWhatTheCodeMakes() {
        Signer agent = Signer.fromSeed(HexText.decodeAnyCase(shown("seed")));
        byte[] request = GetSessionRequest.newBuilder()
                .setSessionId(shown("session_id"))
                .setPartition(shown("partition"))
                .build()
                .toByteArray();
        String method = MutualAuthServiceGrpc.getGetSessionMethod().getFullMethodName();
        Nonce nonce = Nonce.of(HexText.decodeAnyCase("000102030405060708090a0b0c0d0e0f"));
        RpcProof proof = RpcProof.forBody(shown("session_id"), "mcp://gateway.example", method, request, nonce,
                1_767_225_600_000d);
        SignedStatement signed = SignedStatement.sign(proof.statement(), agent);

        assertThat(agent.publicKey().hex()).isEqualTo(shown("public key"));
        assertThat(HexText.encode(request)).isEqualTo(shown("request"));
        assertThat(proof.bodySha256()).isEqualTo(shown("body_sha256"));
        assertThat(new String(Jcs.bytes(signed.statement()), StandardCharsets.UTF_8)).isEqualTo(shown("statement"));
        assertThat(HexText.encode(signed.signature().toByteArray())).isEqualTo(shown("signature"));
        assertThat(Base64.getEncoder().encodeToString(SignedStatements.encodeRpcProof(signed)))
                .isEqualTo(shown(SignedStatements.RPC_PROOF.name()));
        assertThat(document).contains("`"
                + RpcProof.forBody("", "", method, new byte[0], nonce, 0).bodySha256() + "`");
    }

    @Test
    void theTableHasEveryRpcAndNoOther() {
        List<String> rpcs = Stream.of(CertificateServiceProto.getDescriptor(), TrustServiceProto.getDescriptor(),
                MutualAuthServiceProto.getDescriptor(), GatewayServiceProto.getDescriptor(),
                GrantServiceProto.getDescriptor(), PolicyServiceProto.getDescriptor(),
                ApprovalServiceProto.getDescriptor(), BudgetSessionServiceProto.getDescriptor(),
                UpstreamServiceProto.getDescriptor(), OperationsServiceProto.getDescriptor(),
                AuditServiceProto.getDescriptor())
                .flatMap(file -> file.getServices().get(0).getMethods().stream())
                .map(MethodDescriptor::getName)
                .toList();
        List<String> rows = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE)
                .matcher(document)
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(rows).containsExactlyElementsOf(rpcs);
    }

    private String shown(String label) {
        Matcher line = Pattern.compile("^ *" + Pattern.quote(label) + "  +(\\S.*)$", Pattern.MULTILINE)
                .matcher(document);
        assertThat(line.find()).as(label).isTrue();
        return line.group(1);
    }
}
