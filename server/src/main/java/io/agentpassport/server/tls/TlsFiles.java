package io.agentpassport.server.tls;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.DataFolder;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** The TLS certificates of a data folder: made once, renewed under the same CA, and loaded to serve. */
public final class TlsFiles {

    /** The operator is told so long before a certificate ends. */
    private static final Duration NOTICE = Duration.ofDays(30);

    private final DataFolder data;

    public TlsFiles(DataFolder data) {
        this.data = data;
    }

    /**
     * Makes the CA, the server's certificate, and that of the first admin, who holds every role.
     *
     * @param serviceName for the name of the CA
     * @param serverNames names and addresses of the server besides loopback
     * @param adminName who the admin is
     * @throws ConfigException when one of the files is there already, or cannot be written
     */
    public void create(String serviceName, Collection<String> serverNames, String adminName, Instant now,
            NonceSource nonces) {
        TlsAuthority authority = TlsAuthority.create(serviceName, now, nonces);
        authority.credential().create(data.ca(), data.caKey());
        issue(authority, serverNames, adminName, now);
    }

    /**
     * Makes the server's certificate and the admin's anew, with new keys, under the CA that is there: whoever trusts it
     * goes on to.
     */
    public void renew(Collection<String> serverNames, String adminName, Instant now, NonceSource nonces) {
        TlsCredential ca = TlsCredential.read(data.ca(), data.caKey());
        requireCurrent(ca, data.ca(), now);
        try {
            for (Path file : List.of(data.serverCertificate(), data.serverKey(), data.adminCertificate(),
                    data.adminKey())) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new ConfigException("the old TLS certificates cannot be removed: " + e.getMessage(), e);
        }
        issue(new TlsAuthority(ca, nonces), serverNames, adminName, now);
    }

    /**
     * Makes a certificate for another admin, under the CA that is there.
     *
     * @throws ConfigException when one of the files is there already, or the CA's cannot be used
     */
    public void addAdmin(String name, Set<AdminRole> roles, Path certificate, Path key, Instant now,
            NonceSource nonces) {
        TlsCredential ca = TlsCredential.read(data.ca(), data.caKey());
        requireCurrent(ca, data.ca(), now);
        new TlsAuthority(ca, nonces).admin(name, roles, now).create(certificate, key);
    }

    /**
     * Loads what serving needs: TLS 1.3 only, and a client that shows a certificate must show one of our CA.
     *
     * @throws ConfigException when a file is missing, wrong, readable by others, or a certificate is over
     */
    public SslContext serverContext(Instant now) {
        TlsCredential server = TlsCredential.read(data.serverCertificate(), data.serverKey());
        requireCurrent(server, data.serverCertificate(), now);
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forServer(server.key(), server.certificate()))
                    .protocols("TLSv1.3")
                    .clientAuth(ClientAuth.OPTIONAL)
                    .trustManager(TlsCredential.readCertificate(data.ca()))
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new ConfigException("TLS cannot use " + data.serverCertificate() + ": " + e.getMessage(), e);
        }
    }

    /** The files that serving goes by. */
    List<Path> served() {
        return List.of(data.serverCertificate(), data.serverKey(), data.ca());
    }

    /**
     * When the server's certificate ends.
     *
     * @throws ConfigException when it cannot be read
     */
    public Instant serverExpiry() {
        return TlsCredential.readCertificate(data.serverCertificate()).getNotAfter().toInstant();
    }

    /** What the operator should know of certificates that are over or soon will be; usually nothing. */
    public List<String> notices(Instant now) {
        return Stream.of(data.ca(), data.serverCertificate(), data.adminCertificate())
                .filter(Files::exists)
                .filter(file -> TlsCredential.readCertificate(file)
                        .getNotAfter()
                        .toInstant()
                        .isBefore(now.plus(NOTICE)))
                .map(file -> "the TLS certificate " + file + " ends on "
                        + TlsCredential.readCertificate(file).getNotAfter().toInstant()
                        + "; renew it with: ./passport init --renew-tls --data " + data)
                .toList();
    }

    private void issue(TlsAuthority authority, Collection<String> serverNames, String adminName, Instant now) {
        authority.server(serverNames, now).create(data.serverCertificate(), data.serverKey());
        authority.admin(adminName, EnumSet.allOf(AdminRole.class), now)
                .create(data.adminCertificate(), data.adminKey());
    }

    private void requireCurrent(TlsCredential credential, Path file, Instant now) {
        if (now.isAfter(credential.notAfter())) {
            throw new ConfigException("the TLS certificate " + file + " ended on " + credential.notAfter()
                    + "; renew it with: ./passport init --renew-tls --data " + data);
        }
        if (now.isBefore(credential.certificate().getNotBefore().toInstant())) {
            throw new ConfigException("the TLS certificate " + file + " begins on "
                    + credential.certificate().getNotBefore().toInstant() + "; is the clock right?");
        }
    }
}
