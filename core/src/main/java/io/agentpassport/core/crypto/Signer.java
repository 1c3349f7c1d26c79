package io.agentpassport.core.crypto;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A private Ed25519 key that signs. It shows its public key and never its seed. */
public final class Signer {

    /** The length of a seed in bytes. */
    public static final int SEED_BYTES = 32;

    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    /**
     * Provider objects that hold this key and wait for the next message: making one costs as much as signing. There are
     * never more than threads that signed at one time.
     */
    private final ConcurrentLinkedQueue<java.security.Signature> ready = new ConcurrentLinkedQueue<>();

    private Signer(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** The key of a 32-byte seed (RFC 8032 section 5.1.5). The caller keeps, and wipes, the array. */
    public static Signer fromSeed(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("a seed has 32 bytes, not " + seed.length);
        }
        var publicKey = new byte[PublicKey.BYTES];
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed, 0, publicKey, 0);
        return new Signer(Ed25519Provider.privateKey(seed), PublicKey.of(publicKey));
    }

    /** The public half. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** Signs the message; the same message always gives the same signature. */
    public Signature sign(byte[] message) {
        try {
            java.security.Signature signer = ready.poll();
            if (signer == null) {
                signer = Ed25519Provider.newSignature();
                signer.initSign(privateKey);
            }
            signer.update(message);
            Signature signature = Signature.of(signer.sign());
            ready.add(signer);
            return signature;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with a valid key does not fail", e);
        }
    }

    @Override
    public String toString() {
        return "Signer[" + publicKey.hex() + "]";
    }
}
