package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.HexText;
import io.agentpassport.server.tls.AdminCertificate;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection, read once when it is made.
 *
 * @param address
 *            its IP address; null when it has none
 * @param admin
 *            the admin's certificate that it showed; null when it showed none
 */
record Peer(@Nullable InetAddress address, @Nullable AdminCertificate admin) {

    private static final Attributes.Key<Peer> KEY = Attributes.Key.create("peer");
    private static final int NETWORK_BYTES = 8;
    private static final Peer UNKNOWN = new Peer(null, null);

    /** The peer of a call. */
    static Peer of(Attributes attributes) {
        Peer peer = attributes.get(KEY);
        return peer == null ? UNKNOWN : peer;
    }

    boolean isLoopback() {
        return address != null && address.isLoopbackAddress();
    }

    /** Whom to count what is done by nobody in particular: its address; of IPv6 its network, of which one has all addresses. */
    String network() {
        if (address instanceof Inet6Address six) {
            byte[] bits = six.getAddress();
            return HexText.encode(Arrays.copyOf(bits, NETWORK_BYTES)) + "/64";
        }
        return text();
    }

    /** The address as text. */
    String text() {
        return address == null ? "unknown" : address.getHostAddress();
    }

    /** Reads the peer of each new connection, after its TLS handshake. */
    static final class Filter extends ServerTransportFilter {

        @Override
        public Attributes transportReady(Attributes attributes) {
            SocketAddress remote = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
            SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            return attributes.toBuilder().set(KEY, new Peer(address, session == null ? null : admin(session))).build();
        }

        private static @Nullable AdminCertificate admin(SSLSession session) {
            try {
                Certificate[] chain = session.getPeerCertificates();
                return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                        ? AdminCertificate.of(certificate)
                        : null;
            } catch (SSLPeerUnverifiedException e) {
                return null;
            }
        }
    }
}
