package io.agentpassport.server.tls;

import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.PrivateFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * An X.509 certificate and its P-256 key, in two PEM files: {@code CERTIFICATE}, and {@code PRIVATE KEY} (PKCS#8), which
 * only its owner may read.
 */
public record TlsCredential(X509Certificate certificate, PrivateKey key) {

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    /**
     * Reads both files.
     *
     * @throws ConfigException
     *             when one cannot be read or is not what it should be, or others can read the key
     */
    public static TlsCredential read(Path certificateFile, Path keyFile) {
        X509Certificate certificate = readCertificate(certificateFile);
        byte[] key = decode(keyFile, PrivateFile.read(keyFile), PRIVATE_KEY);
        try {
            PrivateKey privateKey = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key));
            return new TlsCredential(certificate, privateKey);
        } catch (GeneralSecurityException e) {
            throw new ConfigException(keyFile + " holds no P-256 private key", e);
        }
    }

    /**
     * Reads a certificate.
     *
     * @throws ConfigException
     *             when it cannot be read or is none
     */
    public static X509Certificate readCertificate(Path file) {
        byte[] encoded = decode(file, PrivateFile.readShared(file), CERTIFICATE);
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new ConfigException(file + " holds no X.509 certificate", e);
        }
    }

    /** Writes both files, which must not be there yet. */
    public void create(Path certificateFile, Path keyFile) {
        PrivateFile.create(keyFile, encode(PRIVATE_KEY, key.getEncoded()));
        PrivateFile.create(certificateFile, encodedCertificate());
    }

    /** The certificate as PEM. */
    byte[] encodedCertificate() {
        try {
            return encode(CERTIFICATE, certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was made can be written", e);
        }
    }

    /** The last instant at which the certificate is good. */
    public Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }

    private static byte[] encode(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] decode(Path file, byte[] pem, String type) {
        try (PemReader reader = new PemReader(new StringReader(new String(pem, StandardCharsets.US_ASCII)))) {
            PemObject object = reader.readPemObject();
            if (object == null || !object.getType().equals(type)) {
                throw new ConfigException(file + " is no PEM file of type " + type);
            }
            return object.getContent();
        } catch (IOException e) {
            throw new ConfigException(file + " is no PEM file of type " + type, e);
        }
    }
}
