package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.ServiceStatusRecord;
import io.agentpassport.client.UpstreamRecord;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.tls.AdminCertificate;
import io.agentpassport.server.tls.AdminRole;
import io.agentpassport.server.tls.TlsCredential;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whether a service can be reached, and what it says of itself. */
final class ServiceChecks {

    private static final int PATIENCE_MILLIS = 5_000;
    private static final Duration TOLERABLE = Duration.ofSeconds(5);
    private static final Duration NOTICE = Duration.ofDays(30);

    private final CliContext context;
    private final AdminOptions at;
    private final @Nullable Boolean inUse;
    private final Diagnosis diagnosis;
    private final String host;
    private final int port;

    /**
     * @param listen
     *            where the configuration says that it listens
     * @param inUse
     *            whether a process has the database; null when nobody can say
     */
    ServiceChecks(CliContext context, AdminOptions at, ServerConfig.@Nullable Listen listen, @Nullable Boolean inUse,
            Diagnosis diagnosis) {
        this.context = context;
        this.at = at;
        this.inUse = inUse;
        this.diagnosis = diagnosis;
        if (!at.isNamed() && !context.environment().containsKey("PASSPORT_SERVER") && listen != null
                && listen.port() != 0) {
            at.server = "localhost:" + listen.port();
        }
        String address = at.address(context);
        int colon = address.lastIndexOf(':');
        host = colon < 0 ? address : address.substring(0, colon).replaceAll("^\\[|]$", "");
        port = portOf(address.substring(colon + 1));
    }

    private static int portOf(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65_536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw CommandFailure.unusable("--server must read HOST:PORT, such as " + ServerOptions.DEFAULT_SERVER);
    }

    void run() {
        boolean credential = credential();
        if (!reachable()) {
            return;
        }
        if (!at.plaintext && handshake() && credential) {
            status();
        }
    }

    private boolean credential() {
        Path file = at.certificate != null ? at.certificate : at.data.of(context).adminCertificate();
        if (Files.notExists(file)) {
            diagnosis.warn("admin", "there is no credential " + file,
                    "name one with --cert and --cert-key, to see more");
            return false;
        }
        try {
            AdminCertificate admin = AdminCertificate.of(TlsCredential.readCertificate(file));
            Instant now = context.clock().instant();
            if (admin == null) {
                diagnosis.fail("admin", file + " is no certificate of an admin", "make one: " + context.program()
                        + " admins add");
            } else if (!admin.isValidAt(now)) {
                diagnosis.fail("admin", file + " is good from " + admin.notBefore() + " to " + admin.notAfter(),
                        "make another: " + context.program() + " init --renew-tls, or admins add");
            } else {
                String found = admin.name() + ", "
                        + admin.roles().stream().map(AdminRole::text).sorted().collect(Collectors.joining(", "))
                        + ", until " + admin.notAfter();
                if (admin.isValidAt(now.plus(NOTICE))) {
                    diagnosis.ok("admin", found);
                } else {
                    diagnosis.warn("admin", found, "make another before: " + context.program() + " admins add");
                }
                return true;
            }
        } catch (ConfigException e) {
            diagnosis.fail("admin", String.valueOf(e.getMessage()), "");
        }
        return false;
    }

    private boolean reachable() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            diagnosis.ok("port", host + ":" + port + " is reached");
            return true;
        } catch (IOException e) {
            diagnosis.fail("port", host + ":" + port + " is not reached: " + e.getMessage(),
                    inUse == null ? "is the service running, and --server right?"
                            : inUse ? "a service has the database: see listen.host and listen.port, and firewalls"
                                    : "no service runs on this data folder: " + context.program() + " server");
            return false;
        }
    }

    private boolean handshake() {
        Path ca = at.ca != null ? at.ca : at.data.of(context).ca();
        if (Files.notExists(ca)) {
            diagnosis.warn("TLS handshake", "there is no CA certificate " + ca, "name it with --ca");
            return false;
        }
        try (SSLSocket socket = (SSLSocket) trusting(ca).getSocketFactory().createSocket()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            socket.startHandshake();
            diagnosis.ok("TLS handshake", socket.getSession().getProtocol() + ", and the certificate is for " + host);
            return true;
        } catch (IOException | GeneralSecurityException e) {
            diagnosis.fail("TLS handshake", "with " + host + ":" + port + ": " + e.getMessage(),
                    "is " + ca + " the CA of this service, and " + host + " among listen.names? init --renew-tls makes"
                            + " another certificate");
            return false;
        } catch (ConfigException e) {
            diagnosis.fail("TLS handshake", String.valueOf(e.getMessage()), "");
            return false;
        }
    }

    private static SSLContext trusting(Path ca) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", TlsCredential.readCertificate(ca));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, managers.getTrustManagers(), null);
        return tls;
    }

    private void status() {
        try (PassportClient client = at.openAsAdmin(context)) {
            Instant asked = context.clock().instant();
            ServiceStatusRecord status = client.operations().status();
            Instant answered = context.clock().instant();
            if (status.ready()) {
                diagnosis.ok("service", status.version() + ", serves since " + status.startedAt());
            } else {
                diagnosis.fail("service", "does not serve: " + String.join("; ", status.notReady()), "see its log");
            }
            clock(asked, answered, status.now());
            status.relaxed()
                    .forEach(one -> diagnosis.warn("service", "runs relaxed: " + one.key() + ", " + one.meaning(),
                            "tighten it when it is needed no more"));
            status.upstreams()
                    .stream()
                    .filter(one -> one.state().equals("unreachable"))
                    .forEach(this::unreachable);
        } catch (PassportException e) {
            diagnosis.fail("service", "does not tell its status: " + e.getMessage(), "");
        } catch (CommandFailure e) {
            diagnosis.fail("service", String.valueOf(e.getMessage()), "");
        }
    }

    private void unreachable(UpstreamRecord upstream) {
        diagnosis.warn("upstream " + upstream.name(), "is not reached: " + upstream.lastError(),
                "its tools answer nothing until it is");
    }

    /** Its clock was read some time between the question and the answer. */
    private void clock(Instant asked, Instant answered, Instant its) {
        Duration apart = its.isBefore(asked) ? Duration.between(its, asked)
                : its.isAfter(answered) ? Duration.between(answered, its) : Duration.ZERO;
        String found = "the service's is " + apart.toMillis() + " ms from the one here, at least";
        if (apart.compareTo(ServerConfig.ORDINARY_CLOCK_SKEW) > 0) {
            diagnosis.fail("clock", found, "set both clocks (NTP): signatures that are so far apart are refused");
        } else if (apart.compareTo(TOLERABLE) > 0) {
            diagnosis.warn("clock", found, "set both clocks (NTP)");
        } else {
            diagnosis.ok("clock", found);
        }
    }
}
