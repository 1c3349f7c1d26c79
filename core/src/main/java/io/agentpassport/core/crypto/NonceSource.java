package io.agentpassport.core.crypto;

import java.util.random.RandomGenerator;

/** Where nonces, seeds and other unguessable bytes come from. Handed in, so that decisions can be replayed. */
@FunctionalInterface
public interface NonceSource {

    /** Fills the whole array with unguessable bytes. */
    void fill(byte[] bytes);

    /** A source over a generator; outside tests it must be a {@link java.security.SecureRandom}. */
    static NonceSource from(RandomGenerator generator) {
        return generator::nextBytes;
    }

    /** The next so many bytes. */
    default byte[] bytes(int count) {
        var bytes = new byte[count];
        fill(bytes);
        return bytes;
    }

    /** The next nonce. */
    default Nonce nonce() {
        return Nonce.of(bytes(Nonce.BYTES));
    }
}
