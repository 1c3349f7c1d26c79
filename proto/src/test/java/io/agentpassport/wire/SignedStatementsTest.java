package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.signing.SignedStatement;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SignedStatementsTest {

    private static final Signer KEY = Signer.fromSeed(new byte[Signer.SEED_BYTES]);

    @Test
    void carriesAnRpcProofUnharmed() {
        var proof = RpcProof.forBody("sha256:" + "00".repeat(32), "mcp://é.example", "a.v1.B/C", new byte[]{1, 2},
                Nonce.of(new byte[16]), 5);
        SignedStatement signed = SignedStatement.sign(proof.statement(), KEY);

        SignedStatement carried = Expect
                .valid(SignedStatements.decodeRpcProof(SignedStatements.encodeRpcProof(signed)));

        assertThat(carried).isEqualTo(signed);
        assertThat(carried.verifies(KEY.publicKey())).isTrue();
        assertThat(RpcProof.fromStatement(carried.statement())).isEqualTo(proof);
    }

    @Test
    void refusesWhateverIsNoRpcProofWithoutSayingWhy() {
        byte[] truncated = SignedStatements.encodeRpcProof(SignedStatement.sign(JsonObject.EMPTY, KEY));
        truncated[1]++;
        for (byte[] value : new byte[][]{{}, {7}, "{}".getBytes(StandardCharsets.UTF_8), truncated}) {
            assertThat(Expect.error(SignedStatements.decodeRpcProof(value)))
                    .isEqualTo(ServiceErrors.proofInvalid());
        }
    }
}
