package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.PassportClient;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.tls.ServedTls;
import io.agentpassport.server.tls.TlsCredential;
import io.agentpassport.server.tls.TlsFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The TLS certificate is renewed while the service runs. */
@Timeout(60)
class TlsReloadTest {

    @TempDir
    Path folder;

    @Test
    void aRenewedCertificateIsShownWithoutARestartAndOneThatIsNoneIsNot() throws Exception {
        try (TestServer service = TestServer.start(folder); PassportClient before = service.admin()) {
            assertThat(before.certificates().list(null, null).items()).isNotEmpty();
            BigInteger first = shown(service);

            Cli.alone().run("init --renew-tls", "--data", service.data().toString()).ok();
            awaitShown(service, serialOf(service));
            assertThat(shown(service)).isNotEqualTo(first);
            assertThat(before.certificates().list(null, null).items()).as("who is connected stays so").isNotEmpty();
            assertThat(service.admin().certificates().list(null, null).items()).isNotEmpty();

            BigInteger second = shown(service);
            var served = new ServedTls(new TlsFiles(service.data()), Instant.now());
            Instant expiry = served.expiry();
            Files.writeString(service.data().serverCertificate(), "nothing");
            served.reload(Instant.now());
            assertThat(served.expiry()).as("what was there before serves on").isEqualTo(expiry);
            assertThat(shown(service)).isEqualTo(second);
            new TlsFiles(service.data()).renew(List.of(), "admin", Instant.now().plusSeconds(5), TestServer.NONCES);
            served.reload(Instant.now().plusSeconds(10));
            assertThat(served.expiry()).isAfter(expiry);
        }
    }

    private static BigInteger serialOf(TestServer service) {
        return TlsCredential.readCertificate(service.data().serverCertificate()).getSerialNumber();
    }

    private static void awaitShown(TestServer service, BigInteger serial) throws Exception {
        while (!shown(service).equals(serial)) {
            // The service looks every few seconds.
            Thread.onSpinWait();
            if (Thread.interrupted()) {
                throw new AssertionError("never shown");
            }
        }
    }

    /** The serial number of what the service shows to whoever connects now. */
    private static BigInteger shown(TestServer service) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", TlsCredential.readCertificate(service.data().ca()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", service.server().port())) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }
}
