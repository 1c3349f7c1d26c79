package io.agentpassport.core.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The provider that does the arithmetic: Amazon Corretto's where its native library runs (about 15 times as fast), the
 * JDK's own elsewhere. Chosen once, and always named in {@code getInstance}, so the platform's provider order never
 * decides.
 */
final class Ed25519Provider {

    private static final String ALGORITHM = "Ed25519";
    /** SubjectPublicKeyInfo and PKCS#8 of an Ed25519 key are these bytes and then the key (RFC 8410). */
    private static final byte[] PUBLIC_KEY_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] PRIVATE_KEY_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private static final @Nullable Provider CORRETTO = corretto();
    private static final KeyFactory KEYS = keyFactory();

    private Ed25519Provider() {}

    static String name() {
        return CORRETTO == null ? newSignature().getProvider().getName() : CORRETTO.getName();
    }

    static Signature newSignature() {
        try {
            return CORRETTO == null ? Signature.getInstance(ALGORITHM) : Signature.getInstance(ALGORITHM, CORRETTO);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java 17 platform has Ed25519", e);
        }
    }

    static java.security.PublicKey publicKey(byte[] key) throws InvalidKeySpecException {
        byte[] encoded = concat(PUBLIC_KEY_PREFIX, key);
        return CORRETTO == null ? KEYS.generatePublic(new X509EncodedKeySpec(encoded)) : new EncodedPublicKey(encoded);
    }

    /**
     * A key that is nothing but its encoding, which is all that Corretto reads. The JDK's own form costs as much as a
     * sixth of a verification to make, for coordinates that nobody asks for.
     */
    private static final class EncodedPublicKey implements java.security.PublicKey {
        private static final long serialVersionUID = 1L;
        private final byte[] encoded;

        EncodedPublicKey(byte[] encoded) {
            this.encoded = encoded;
        }

        @Override
        public String getAlgorithm() {
            return "EdDSA";
        }

        @Override
        public String getFormat() {
            return "X.509";
        }

        @Override
        public byte[] getEncoded() {
            return encoded.clone();
        }
    }

    static PrivateKey privateKey(byte[] seed) {
        try {
            return KEYS.generatePrivate(new PKCS8EncodedKeySpec(concat(PRIVATE_KEY_PREFIX, seed)));
        } catch (InvalidKeySpecException e) {
            throw new IllegalStateException("any 32 bytes are an Ed25519 seed", e);
        }
    }

    private static byte[] concat(byte[] prefix, byte[] key) {
        var der = new byte[prefix.length + key.length];
        System.arraycopy(prefix, 0, der, 0, prefix.length);
        System.arraycopy(key, 0, der, prefix.length, key.length);
        return der;
    }

    private static KeyFactory keyFactory() {
        try {
            return KeyFactory.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java 17 platform has Ed25519", e);
        }
    }

    /** The provider comes in by name: it is an optional runtime dependency, and no platform's absence is an error. */
    private static @Nullable Provider corretto() {
        try {
            Class<?> type = Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider");
            var provider = (Provider) type.getField("INSTANCE").get(null);
            if (type.getMethod("getLoadingError").invoke(provider) != null) {
                return null;
            }
            // A provider that loads but cannot sign must not be found out at the first call.
            Signature.getInstance(ALGORITHM, provider)
                    .initSign(
                            KeyFactory.getInstance(ALGORITHM)
                                    .generatePrivate(
                                            new PKCS8EncodedKeySpec(concat(PRIVATE_KEY_PREFIX, new byte[32]))));
            return provider;
        } catch (ReflectiveOperationException | GeneralSecurityException | LinkageError e) {
            return null;
        }
    }
}
