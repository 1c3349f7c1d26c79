package io.agentpassport.client;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of a TLS connection, read and checked before it is opened, so that what is wrong with them is said by
 * name, and not by a handshake that fails.
 *
 * @param ca the CA to trust; null for the platform's
 * @param certificate what to show; null for nothing
 * @param key the key of the certificate; null without one
 */
record TlsFiles(@Nullable Path ca, @Nullable Path certificate, @Nullable Path key) {

    /** The field of the keys that decisions are signed by. */
    private static final int DECISION_BITS = 256;
    private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
    private static final String END_KEY = "-----END PRIVATE KEY-----";
    /** How each algorithm of keys signs here. */
    private static final Map<String, String> SIGNATURES = Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA",
            "EdDSA", "EdDSA");

    /** A certificate to show, and its key. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Shown(X509Certificate[] chain, PrivateKey key) {

        /** ECDSA P-256 with SHA-256, in DER. */
        byte[] sign(byte[] message) {
            if (!(chain[0].getPublicKey() instanceof ECPublicKey ec)
                    || ec.getParams().getCurve().getField().getFieldSize() != DECISION_BITS) {
                throw PassportException.local(
                        "a decision is signed by a P-256 key, and the client certificate is of another kind");
            }
            try {
                Signature signature = Signature.getInstance("SHA256withECDSA");
                signature.initSign(key);
                signature.update(message);
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw PassportException.local("the key of the client certificate cannot sign", e);
            }
        }
    }

    /** What is to be shown, read and checked; null for nothing. */
    @Nullable
    Shown shown() {
        if (certificate == null || key == null) {
            return null;
        }
        PrivateFiles.refuseUnlessPrivate(key);
        X509Certificate[] chain = certificates(certificate);
        PrivateKey own = key(key, chain[0].getPublicKey().getAlgorithm());
        if (!belong(own, chain[0])) {
            throw PassportException.local("the key " + key + " is not that of the certificate " + certificate
                    + "; name the two that were made together");
        }
        return new Shown(chain, own);
    }

    SslContext context(@Nullable Shown shown) {
        SslContextBuilder tls = GrpcSslContexts.forClient().protocols("TLSv1.3");
        if (ca != null) {
            tls.trustManager(certificates(ca));
        }
        if (shown != null) {
            tls.keyManager(shown.key, shown.chain);
        }
        try {
            return tls.build();
        } catch (SSLException e) {
            throw PassportException.local("the TLS files cannot be used: " + e.getMessage(), e);
        }
    }

    /** At least one. */
    private static X509Certificate[] certificates(Path file) {
        byte[] pem = PrivateFiles.read(file);
        try {
            X509Certificate[] certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .toArray(X509Certificate[]::new);
            if (certificates.length > 0) {
                return certificates;
            }
        } catch (GeneralSecurityException | ArrayStoreException e) {
            throw notACertificate(file, e);
        }
        throw notACertificate(file, null);
    }

    private static PassportException notACertificate(Path file, @Nullable Exception cause) {
        String message = file + " does not hold a certificate as PEM: it begins with -----BEGIN CERTIFICATE-----";
        return cause == null ? PassportException.local(message) : PassportException.local(message, cause);
    }

    private static PrivateKey key(Path file, String algorithm) {
        String pem = new String(PrivateFiles.read(file), StandardCharsets.UTF_8).strip();
        try {
            if (pem.startsWith(BEGIN_KEY) && pem.endsWith(END_KEY)) {
                String base64 = pem.substring(BEGIN_KEY.length(), pem.length() - END_KEY.length());
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw notAKey(file, algorithm, e);
        }
        throw notAKey(file, algorithm, null);
    }

    private static PassportException notAKey(Path file, String algorithm, @Nullable Exception cause) {
        String message = file + " does not hold a private key (" + algorithm
                + ") as PEM, PKCS#8 without a passphrase: it begins with " + BEGIN_KEY;
        return cause == null ? PassportException.local(message) : PassportException.local(message, cause);
    }

    /** Whether what the key signs verifies by the certificate. */
    private static boolean belong(PrivateKey key, X509Certificate certificate) {
        String algorithm = SIGNATURES.get(certificate.getPublicKey().getAlgorithm());
        if (algorithm == null) {
            return true;
        }
        byte[] message = {1};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
