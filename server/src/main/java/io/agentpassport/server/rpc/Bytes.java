package io.agentpassport.server.rpc;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Messages as they are on the wire: what an rpc proof covers, and what is then parsed, once. */
final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] message) {
        return new Known(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
        try {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its length is known, so it is parsed and sent without another copy. */
    private static final class Known extends ByteArrayInputStream implements KnownLength {
        Known(byte[] message) {
            super(message);
        }
    }
}
