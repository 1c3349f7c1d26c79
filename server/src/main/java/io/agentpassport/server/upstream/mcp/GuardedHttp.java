package io.agentpassport.server.upstream.mcp;

import io.agentpassport.server.config.UpstreamsConfig.Http;
import io.agentpassport.server.upstream.mcp.Answer.Failed;
import io.agentpassport.server.upstream.mcp.Answer.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP to one server: no redirect, proxy, cookie, retry or decompression; connections go to checked addresses only; a
 * deadline closes the connection, whatever it is at.
 */
final class GuardedHttp implements AutoCloseable {

    /** The longest that a connection may take to be made, its name resolved not included. */
    private static final Timeout CONNECT = Timeout.ofSeconds(10);

    /** For how long a connection is kept that rests: less than common servers do. */
    private static final TimeValue REST = TimeValue.ofSeconds(3);

    private final McpContext context;
    private final CloseableHttpClient client;

    /** For how long the rest of a response is waited for. */
    private static final Duration REMAINDER = Duration.ofMillis(250);

    /** Reads a response. */
    @FunctionalInterface
    interface Reader<T> {

        /** Reads it, within bounds. */
        T read(ClassicHttpResponse response) throws IOException;
    }

    /** What is sent, which knows whether that has begun. */
    static final class Body extends AbstractHttpEntity {
        private final byte[] json;
        private volatile boolean begun;

        Body(byte[] json) {
            super(ContentType.create("application/json"), null);
            this.json = json;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            begun = true;
            out.write(json);
        }

        @Override
        public InputStream getContent() {
            return new ByteArrayInputStream(json);
        }

        @Override
        public long getContentLength() {
            return json.length;
        }

        @Override
        public boolean isStreaming() {
            return false;
        }

        @Override
        public void close() {
            // It is in memory.
        }
    }

    GuardedHttp(Http config, int connections, McpContext context) {
        this.context = context;
        boolean plain = "http".equals(config.url().getScheme());
        var pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new CheckedResolver(context.names(), context.addresses(), plain))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxLineLength(McpLimits.HEADER_CHARACTERS)
                                .setMaxHeaderCount(McpLimits.HEADERS)
                                .build())
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT)
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(100))
                        .setTimeToLive(TimeValue.ofMinutes(5))
                        .build())
                .setMaxConnTotal(connections)
                .setMaxConnPerRoute(connections)
                .build();
        this.client = HttpClients.custom()
                .setConnectionManager(pool)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setRedirectsEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .setContentCompressionEnabled(false)
                        .setConnectionRequestTimeout(CONNECT)
                        .build())
                .setKeepAliveStrategy((response, unused) -> REST)
                .setUserAgent("agent-passport-gateway")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    /** Sends a request and reads its answer, in time. */
    Answer exchange(HttpUriRequestBase request, Deadline deadline, Reader<Answer> reader) {
        AtomicBoolean late = new AtomicBoolean();
        Future<?> alarm = context.timer().schedule(() -> {
            late.set(true);
            // Closing a connection may take a moment, which the timer has not.
            Thread.startVirtualThread(request::cancel);
        }, deadline.leftNanos(), TimeUnit.NANOSECONDS);
        try {
            return read(request, reader);
        } catch (BoundedLines.TooLong e) {
            return new Failed(Fault.TOO_LARGE, "the result is larger than may be taken");
        } catch (IOException | RuntimeException e) {
            boolean sent = request.getEntity() instanceof Body body && body.begun;
            if (late.get()) {
                return sent ? new Failed(Fault.TIMEOUT, "no answer in time")
                        : new Failed(Fault.UNREACHABLE, "it could not be reached in time");
            }
            return sent ? new Failed(Fault.PROTOCOL, "its answer broke off: " + words(e))
                    : new Failed(Fault.UNREACHABLE, "it cannot be reached: " + words(e));
        } finally {
            alarm.cancel(false);
        }
    }

    /** Opens a stream and reads it to its end; false when it was not to be had. */
    boolean stream(HttpUriRequestBase request, Reader<Boolean> reader) {
        try {
            return read(request, reader);
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    private <T> T read(HttpUriRequestBase request, Reader<T> reader) throws IOException {
        ClassicHttpResponse response = client.executeOpen(null, request, null);
        boolean answered = false;
        try {
            T read = reader.read(response);
            answered = true;
            return read;
        } finally {
            HttpEntity rest = response.getEntity();
            if (answered && (rest == null || rest.getContentLength() == 0)) {
                response.close();
            } else if (answered) {
                Thread.startVirtualThread(() -> finish(request, response));
            } else {
                end(request, response);
            }
        }
    }

    /** Keeps the connection when the rest of the response comes soon and is short, such as the end of an event stream. */
    private void finish(HttpUriRequestBase request, ClassicHttpResponse response) {
        Future<?> alarm = context.timer()
                .schedule(() -> Thread.startVirtualThread(request::cancel), REMAINDER.toMillis(),
                        TimeUnit.MILLISECONDS);
        try {
            HttpEntity entity = response.getEntity();
            if (entity != null) {
                byte[] unused = BoundedLines.all(entity.getContent(), McpLimits.NOTICE_BYTES);
            }
        } catch (IOException | RuntimeException e) {
            // Nobody waits for it.
        } finally {
            alarm.cancel(false);
            end(request, response);
        }
    }

    /** An ordinary close first reads what is left, and a hostile body never ends. */
    private static void end(HttpUriRequestBase request, ClassicHttpResponse response) {
        request.cancel();
        try {
            response.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    private static String words(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
