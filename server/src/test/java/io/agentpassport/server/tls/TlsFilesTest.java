package io.agentpassport.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private DataFolder data;
    private TlsFiles files;
    private final NonceSource nonces = NonceSource.from(new Random(7));

    @BeforeEach
    void makeFiles() {
        data = new DataFolder(folder);
        files = new TlsFiles(data);
        files.create("a service", List.of("service.example", "192.0.2.1"), "alice", NOW, nonces);
    }

    @Test
    void theServerIsKnownByItsNamesAndIsNoClient() throws Exception {
        X509Certificate server = TlsCredential.readCertificate(data.serverCertificate());

        server.verify(TlsCredential.readCertificate(data.ca()).getPublicKey());
        assertThat(server.getSubjectAlternativeNames()).extracting(name -> (Object) name.get(1))
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "service.example", "192.0.2.1");
        assertThat(server.getBasicConstraints()).isEqualTo(-1);
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(AdminCertificate.of(server)).isNull();
    }

    @Test
    void theAdminIsNamedAndHasAnEnd() throws Exception {
        X509Certificate admin = TlsCredential.readCertificate(data.adminCertificate());
        admin.verify(TlsCredential.readCertificate(data.ca()).getPublicKey());

        AdminCertificate read = Objects.requireNonNull(AdminCertificate.of(admin));
        assertThat(read.name()).isEqualTo("alice");
        assertThat(read.roles()).as("of the first admin").containsExactlyInAnyOrder(AdminRole.values());
        assertThat(read.isValidAt(NOW)).isTrue();
        assertThat(read.isValidAt(NOW.plus(TlsAuthority.LIFE))).isTrue();
        assertThat(read.isValidAt(NOW.plus(TlsAuthority.LIFE).plusSeconds(1))).isFalse();
        assertThat(read.isValidAt(NOW.minus(Duration.ofHours(1)).minusSeconds(1))).isFalse();
    }

    @Test
    void anotherAdminHasTheRolesThatItWasGiven() {
        Path certificate = data.admin().resolve("bob.pem");
        files.addAdmin("bob", Set.of(AdminRole.AUDITOR, AdminRole.APPROVER), certificate,
                data.admin().resolve("bob-key.pem"), NOW, nonces);

        assertThat(Objects.requireNonNull(AdminCertificate.of(TlsCredential.readCertificate(certificate))).roles())
                .containsExactlyInAnyOrder(AdminRole.AUDITOR, AdminRole.APPROVER);
        assertThatThrownBy(() -> files.addAdmin("eve", Set.of(), data.admin().resolve("eve.pem"),
                data.admin().resolve("eve-key.pem"), NOW, nonces)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theCaIsNoAdminAndSignsNoOtherCa() {
        X509Certificate ca = TlsCredential.readCertificate(data.ca());

        assertThat(AdminCertificate.of(ca)).isNull();
        assertThat(ca.getBasicConstraints()).isZero();
    }

    @Test
    void serialNumbersAreUnlikeEachOther() {
        assertThat(List.of(data.ca(), data.serverCertificate(), data.adminCertificate()))
                .extracting(file -> TlsCredential.readCertificate(file).getSerialNumber())
                .doesNotHaveDuplicates()
                .allMatch(serial -> serial.signum() > 0);
    }

    @Test
    void nothingIsOverwritten() {
        assertThatThrownBy(() -> files.create("x", List.of(), "bob", NOW, nonces))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("exists already");
        assertThat(AdminCertificate.of(TlsCredential.readCertificate(data.adminCertificate())))
                .extracting(admin -> admin == null ? null : admin.name())
                .isEqualTo("alice");
    }

    @Test
    void keysAreTheirOwnersAlone() throws IOException {
        for (Path key : List.of(data.caKey(), data.serverKey(), data.adminKey())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key))).isEqualTo("rw-------");
        }
        Files.setPosixFilePermissions(data.serverKey(), PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> files.serverContext(NOW)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("run: chmod 600 " + data.serverKey());
    }

    @Test
    void aCertificateThatIsOverIsRefusedAndRenewed() {
        Instant later = NOW.plus(TlsAuthority.LIFE).plusSeconds(1);
        assertThatThrownBy(() -> files.serverContext(later)).isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "ended on 2027-02-02T00:00:00Z; renew it with: ./passport init --renew-tls --data "
                                + folder);
        assertThatThrownBy(() -> files.serverContext(NOW.minus(Duration.ofDays(1))))
                .hasMessageContaining("is the clock right?");
        assertThat(files.notices(NOW)).isEmpty();
        assertThat(files.notices(NOW.plus(Duration.ofDays(368)))).hasSize(2);

        files.renew(List.of(), "alice", later, nonces);

        assertThat(files.serverContext(later)).isNotNull();
        assertThat(files.notices(later)).isEmpty();
    }

    @Test
    void aCertificateDoesNotOutliveItsCa() {
        Instant nearTheEnd = NOW.plus(TlsAuthority.CA_LIFE).minus(Duration.ofDays(1));
        files.renew(List.of(), "alice", nearTheEnd, nonces);

        assertThat(TlsCredential.readCertificate(data.serverCertificate()).getNotAfter().toInstant())
                .isEqualTo(NOW.plus(TlsAuthority.CA_LIFE));
        Instant over = NOW.plus(TlsAuthority.CA_LIFE).plusSeconds(1);
        assertThatThrownBy(() -> files.renew(List.of(), "alice", over, nonces)).isInstanceOf(ConfigException.class);
    }

    @Test
    void aFileThatHoldsSomethingElseIsRefusedByName() throws IOException {
        Files.writeString(data.serverCertificate(), "not PEM");
        assertThatThrownBy(() -> files.serverContext(NOW))
                .hasMessage(data.serverCertificate() + " is no PEM file of type CERTIFICATE");

        Files.delete(data.serverCertificate());
        assertThatThrownBy(() -> files.serverContext(NOW)).hasMessageContaining("it does not exist");
    }
}
