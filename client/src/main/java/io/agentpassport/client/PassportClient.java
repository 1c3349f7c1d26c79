package io.agentpassport.client;

import com.google.protobuf.MessageLite;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.receipt.LogKey;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NegotiationType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an Agent Passport service. One serves any number of threads; close it when the program ends.
 *
 * <pre>{@code
 * try (var client = PassportClient.to("passport.example:7443").trusting(Path.of("ca.pem")).open()) {
 *     AgentIdentity me = client.certificates().enrol(enrolment);
 *     AuthenticatedSession session = Handshake.with(client, me).expecting("passport://example").run();
 * }
 * }</pre>
 */
public final class PassportClient implements AutoCloseable {

    private final Calls calls;
    private final InstantSource clock;
    private final LongSupplier nanoTicker;
    private final NonceSource random;
    private final TlsFiles.@Nullable Shown shown;

    private PassportClient(ManagedChannel channel, Builder described, TlsFiles.@Nullable Shown shown) {
        this.calls = new Calls(channel, described.target, described.deadline, described.nanoTicker, described.random);
        this.clock = described.clock;
        this.nanoTicker = described.nanoTicker;
        this.random = described.random;
        this.shown = shown;
    }

    /** Begins to describe a connection to {@code HOST:PORT}. */
    public static Builder to(String hostAndPort) {
        return new Builder(hostAndPort);
    }

    /** Issuing, renewing and looking up certificates. */
    public Certificates certificates() {
        return new Certificates(this);
    }

    /** Trust bundles, publishers and anchors. */
    public TrustBundles trust() {
        return new TrustBundles(this);
    }

    /** The two calls of the handshake, for who takes its steps one by one; {@link Handshake} takes them all. */
    public HandshakeCalls handshakeCalls() {
        return new HandshakeCalls(this);
    }

    /** Sessions as an admin sees them; an agent has {@link AuthenticatedSession}. */
    public Sessions sessions() {
        return new Sessions(this);
    }

    /** The stateless questions: would this attest be believed, what session do these attests give. */
    public Questions questions() {
        return new Questions(this);
    }

    /** As an admin: what those do who run the service. */
    public Operations operations() {
        return new Operations(this);
    }

    /** As an admin: where allowed calls go, and which tools may be called. */
    public Upstreams upstreams() {
        return new Upstreams(this);
    }

    /** As an admin: who may call what. */
    public Grants grants() {
        return new Grants(asking());
    }

    /** As an admin: by which policies calls are judged. */
    public Policies policies() {
        return new Policies(asking());
    }

    /** As an admin: calls that wait for persons. */
    public Approvals approvals() {
        return new Approvals(this);
    }

    /** As an admin: money that calls may spend. */
    public BudgetSessions budgetSessions() {
        return new BudgetSessions(asking());
    }

    /**
     * As an admin: the log of a partition, believed as far as that key proves it.
     *
     * @param partition 4 digits of lower-case hex
     */
    public AuditLog auditLog(LogKey key, String partition) {
        return new AuditLog(asking(), key, partition, true);
    }

    /** The partitions that have a log, the service's own (0000) first. */
    public List<String> logPartitions(LogKey key) {
        return AuditLog.partitions(asking(), key);
    }

    /**
     * The partitions that there are, the service's own (0000) first; as it says, for who looks for something and proves what
     * is found.
     */
    public List<String> partitions() {
        return AuditLog.partitions(asking());
    }

    /** The address, as it was given. */
    public String target() {
        return calls.target();
    }

    Calls calls() {
        return calls;
    }

    /** Calls as whoever the connection shows. */
    Asking asking() {
        PassportClient client = this;
        return new Asking() {

            @Override
            public <Q extends MessageLite, A> A ask(MethodDescriptor<Q, A> method, Q request) {
                return calls.call(method, request, Calls.Repeat.SAFE);
            }

            @Override
            public Channel opening(MethodDescriptor<?, ?> method) {
                return calls.channel();
            }

            @Override
            public PassportClient client() {
                return client;
            }
        };
    }

    /** Signs by the key of the client certificate. */
    byte[] signAsShown(byte[] message) {
        TlsFiles.Shown certificate = shown;
        if (certificate == null) {
            throw PassportException.local("a decision is signed by the key of an admin's certificate: show one");
        }
        return certificate.sign(message);
    }

    long nanoTime() {
        return nanoTicker.getAsLong();
    }

    InstantSource clock() {
        return clock;
    }

    double nowMillis() {
        return (double) clock.millis();
    }

    /** Names a write, so that its repetition is known as one. */
    String newRequestId() {
        return "client-" + HexText.encode(random.bytes(16));
    }

    NonceSource random() {
        return random;
    }

    /** Ends the connection: waits up to 5 s for calls under way. */
    @Override
    public void close() {
        try {
            calls.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A connection on its way. */
    public static final class Builder {
        private final String target;
        private @Nullable Path ca;
        private @Nullable Path clientCertificate;
        private @Nullable Path clientKey;
        private boolean plaintext;
        private Duration deadline = ClientLimits.CALL_DEADLINE;
        private InstantSource clock = Clock.systemUTC();
        private LongSupplier nanoTicker = System::nanoTime;
        private NonceSource random = NonceSource.from(new SecureRandom());

        private Builder(String target) {
            this.target = target;
        }

        /** Trusts the CA certificate in this PEM file, and no other. Without it the platform's CAs are trusted. */
        public Builder trusting(Path caPem) {
            this.ca = caPem;
            return this;
        }

        /** Shows a client certificate (mTLS), as admins do: PEM files of the certificate and its PKCS#8 key. */
        public Builder showing(Path certificatePem, Path keyPem) {
            this.clientCertificate = certificatePem;
            this.clientKey = keyPem;
            return this;
        }

        /** Does without TLS; only to a loopback address. */
        public Builder plaintext() {
            this.plaintext = true;
            return this;
        }

        /** How long a call may take, its repetitions included: up to 30 s; 10 s unless said. */
        public Builder deadline(Duration deadline) {
            if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(ClientLimits.MAX_CALL_DEADLINE) > 0) {
                throw PassportException.local("a deadline is more than 0 and at most 30 s");
            }
            this.deadline = deadline;
            return this;
        }

        /** Another clock than the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** Another ticker of nanoseconds than the system's. */
        public Builder nanoTicker(LongSupplier nanoTicker) {
            this.nanoTicker = nanoTicker;
            return this;
        }

        /** Another source of keys and nonces than a {@link SecureRandom}. */
        public Builder random(NonceSource random) {
            this.random = random;
            return this;
        }

        /**
         * The connection. Nothing is sent before the first call.
         *
         * @throws PassportException when the address, a file, or their combination is wrong
         */
        public PassportClient open() {
            HostAndPort address = HostAndPort.parse(target);
            NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.host(), address.port())
                    .maxInboundMessageSize(ClientLimits.MESSAGE_BYTES)
                    .maxInboundMetadataSize(ClientLimits.METADATA_BYTES)
                    .keepAliveTime(60, TimeUnit.SECONDS)
                    .keepAliveTimeout(20, TimeUnit.SECONDS);
            TlsFiles.Shown shown = null;
            if (plaintext) {
                refuseUnlessLoopback(address);
                builder.negotiationType(NegotiationType.PLAINTEXT);
            } else {
                var files = new TlsFiles(ca, clientCertificate, clientKey);
                shown = files.shown();
                builder.negotiationType(NegotiationType.TLS).sslContext(files.context(shown));
            }
            return new PassportClient(builder.build(), this, shown);
        }

        private static void refuseUnlessLoopback(HostAndPort address) {
            try {
                if (!InetAddress.getByName(address.host()).isLoopbackAddress()) {
                    throw PassportException.local("plaintext goes to a loopback address only, not to "
                            + address.host() + "; use TLS");
                }
            } catch (UnknownHostException e) {
                throw PassportException.local("there is no host " + address.host(), e);
            }
        }
    }
}
