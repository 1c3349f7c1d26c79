package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.signing.SignedStatement;
import io.grpc.Metadata;

/** Signed statements on the wire: in requests, and as the rpc proof in a call's metadata. */
public final class SignedStatements {

    /** The metadata key of an rpc proof: one serialised SignedStatement. */
    public static final Metadata.Key<byte[]> RPC_PROOF = Metadata.Key.of("passport-proof-bin",
            Metadata.BINARY_BYTE_MARSHALLER);

    private SignedStatements() {}

    /** The message of a statement, in canonical form. */
    public static io.agentpassport.proto.v1.SignedStatement encode(SignedStatement statement) {
        return io.agentpassport.proto.v1.SignedStatement.newBuilder()
                .setStatementJson(ByteString.copyFrom(Jcs.bytes(statement.statement())))
                .setSignature(ByteString.copyFrom(statement.signature().toByteArray()))
                .build();
    }

    /** The value of {@link #RPC_PROOF}. */
    public static byte[] encodeRpcProof(SignedStatement proof) {
        return encode(proof).toByteArray();
    }

    /**
     * The statement in the value of {@link #RPC_PROOF}, of which nothing has been verified. Whatever is wrong with it is
     * {@link ErrorReason#PROOF_INVALID}.
     */
    public static Decoded<SignedStatement> decodeRpcProof(byte[] value) {
        Decoded<SignedStatement> decoded = Decoded.of(() -> decode("passport-proof-bin", parse(value)));
        return decoded instanceof Decoded.Valid ? decoded : new Decoded.Invalid<>(ServiceErrors.proofInvalid());
    }

    static SignedStatement decode(String field, io.agentpassport.proto.v1.SignedStatement message) {
        return new SignedStatement(Documents.signedDocument(field + ".statement_json", message.getStatementJson()),
                signature(field + ".signature", message.getSignature()));
    }

    static Signature signature(String field, ByteString bytes) {
        if (bytes.size() != Signature.BYTES) {
            throw Malformed.field(field, "must have " + Signature.BYTES + " bytes, not " + bytes.size());
        }
        return Signature.of(bytes.toByteArray());
    }

    private static io.agentpassport.proto.v1.SignedStatement parse(byte[] value) {
        try {
            return io.agentpassport.proto.v1.SignedStatement.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new Malformed(ServiceErrors.proofInvalid());
        }
    }
}
