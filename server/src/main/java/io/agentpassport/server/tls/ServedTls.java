package io.agentpassport.server.tls;

import io.agentpassport.server.config.ConfigException;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the service shows in TLS, and by what it knows its admins: loaded anew when the files change, so that no restart is
 * needed. Connections that are open keep what they were made with. What cannot be used is told once, and what was there before
 * serves on.
 */
@SuppressWarnings("deprecation") // one of the methods to override answers a deprecated type
public final class ServedTls extends SslContext {

    private static final Logger LOG = LoggerFactory.getLogger(ServedTls.class);

    private final TlsFiles files;
    private volatile SslContext current;
    private volatile Instant expiry;
    private List<Object> seen;

    /**
     * Loads it.
     *
     * @throws ConfigException when a file is missing, wrong, readable by others, or a certificate is over
     */
    public ServedTls(TlsFiles files, Instant now) {
        this.files = files;
        this.seen = look();
        this.current = files.serverContext(now);
        this.expiry = files.serverExpiry();
    }

    /** Loads it anew when a file changed since; the owner calls this on a schedule, one call at a time. Reads files. */
    public void reload(Instant now) {
        List<Object> found = look();
        if (found.equals(seen)) {
            return;
        }
        // Noted before it is read: what changes while it is read is looked at again.
        seen = found;
        try {
            SslContext fresh = files.serverContext(now);
            expiry = files.serverExpiry();
            current = fresh;
            LOG.info("the TLS certificate was loaded anew: it ends on {}", expiry);
        } catch (ConfigException e) {
            LOG.error("the TLS files changed and cannot be used; the certificate from before serves on, until {}: {}",
                    expiry, e.getMessage());
        }
    }

    /** When the certificate that is shown ends. */
    public Instant expiry() {
        return expiry;
    }

    /** What tells that a file is another: which it is, when it was written, and how long it is. */
    private List<Object> look() {
        List<Object> all = new ArrayList<>();
        for (Path file : files.served()) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                all.add(String.valueOf(attributes.fileKey()));
                all.add(attributes.lastModifiedTime());
                all.add(attributes.size());
            } catch (IOException e) {
                all.add("not there");
            }
        }
        return all;
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return current.cipherSuites();
    }

    @Override
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return current.applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator buffers) {
        return current.newEngine(buffers);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator buffers, String peerHost, int peerPort) {
        return current.newEngine(buffers, peerHost, peerPort);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return current.sessionContext();
    }
}
