package io.agentpassport.server.http;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.config.ConfigException;
import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpDecoderConfig;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObject;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health and figures for those who run the service: HTTP/1.1 on a port of its own, GET alone, one request a connection.
 * Whoever reaches the port may read; nothing can be changed, and nothing that it answers was sent by anybody. Connections,
 * the bytes of a request and the time of both directions are bounded; one thread serves them, apart from all calls.
 *
 * <ul>
 * <li>{@code /health/live}: 200 as long as the process answers.
 * <li>{@code /health/ready}: 200, or 503 with the reasons, as JSON.
 * <li>{@code /metrics}: all figures in the text form of Prometheus.
 * </ul>
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a connection ends it, and nobody asked to know
public final class ManagementServer implements AutoCloseable {

    /** Connections at once; a further one is closed unanswered. */
    static final int CONNECTIONS = 32;
    /** Characters of the first line of a request. */
    static final int LINE = 1_024;
    /** Bytes of its headers. */
    static final int HEADER_BYTES = 8 << 10;
    /** A connection lasts no longer, whatever comes or goes on it. */
    static final long SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String JSON = "application/json";

    private final Supplier<List<String>> problems;
    private final Supplier<String> figures;
    private final long connectionMillis;
    private final EventLoopGroup loop;
    private final AtomicInteger open = new AtomicInteger();
    private final Channel listening;

    /**
     * Starts to listen.
     *
     * @param problems
     *            why the service does not serve; empty when it does
     * @param figures
     *            as {@code /metrics} answers them
     * @throws ConfigException
     *             when the address cannot be used
     */
    public static ManagementServer start(String host, int port, Supplier<List<String>> problems,
            Supplier<String> figures) {
        return new ManagementServer(host, port, problems, figures, TimeUnit.SECONDS.toMillis(SECONDS));
    }

    ManagementServer(String host, int port, Supplier<List<String>> problems, Supplier<String> figures,
            long connectionMillis) {
        this.problems = problems;
        this.figures = figures;
        this.connectionMillis = connectionMillis;
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ConfigException("cannot listen on " + host + ": no such address; correct management.host");
        }
        loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("management", true),
                NioIoHandler.newFactory());
        ChannelFuture bound = new ServerBootstrap().group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, CONNECTIONS)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        begin(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw new ConfigException("cannot listen on " + host + ":" + port + " for health and metrics: "
                    + bound.cause().getMessage() + "; choose another with management.port, or off", bound.cause());
        }
        listening = bound.channel();
    }

    /** The port that it listens on. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private void begin(SocketChannel channel) {
        if (open.incrementAndGet() > CONNECTIONS) {
            open.decrementAndGet();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        var end = channel.eventLoop().schedule(() -> channel.close(), connectionMillis, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> end.cancel(false));
        channel.pipeline()
                .addLast(new HttpServerCodec(
                        new HttpDecoderConfig().setMaxInitialLineLength(LINE).setMaxHeaderSize(HEADER_BYTES)))
                .addLast(new Answering());
    }

    /** One request: what follows on the connection is not read. */
    private final class Answering extends SimpleChannelInboundHandler<HttpObject> {

        private boolean answered;

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (answered || !(part instanceof HttpRequest request)) {
                return;
            }
            answered = true;
            if (request.decoderResult().isFailure()) {
                answer(context, HttpResponseStatus.BAD_REQUEST, TEXT, "bad request\n");
            } else if (!request.method().equals(HttpMethod.GET)) {
                answer(context, HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "GET only\n");
            } else {
                route(context, request.uri());
            }
        }

        private void route(ChannelHandlerContext context, String uri) {
            int query = uri.indexOf('?');
            switch (query < 0 ? uri : uri.substring(0, query)) {
                case "/health/live" -> answer(context, HttpResponseStatus.OK, JSON, json(List.of(), "live"));
                case "/health/ready" -> {
                    List<String> reasons = problems.get();
                    answer(context, reasons.isEmpty() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                            JSON, json(reasons, "ready"));
                }
                case "/metrics" -> answer(context, HttpResponseStatus.OK, TEXT, figures.get());
                default -> answer(context, HttpResponseStatus.NOT_FOUND, TEXT,
                        "there are /health/live, /health/ready and /metrics\n");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // Also what a peer does: it gives up, or sends what is no HTTP.
            LOG.debug("a request for health or metrics failed", cause);
            context.close();
        }
    }

    private static String json(List<String> reasons, String what) {
        return new String(Jcs.bytes(JsonObject.builder()
                .put(what, JsonBoolean.of(reasons.isEmpty()))
                .put("reasons", JsonArray.ofStrings(reasons))
                .build()), StandardCharsets.UTF_8) + "\n";
    }

    private static void answer(ChannelHandlerContext context, HttpResponseStatus status, String type, String body) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status,
                Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8)));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, "close");
        if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET");
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** Answers nobody any more. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
