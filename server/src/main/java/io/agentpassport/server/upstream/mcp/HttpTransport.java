package io.agentpassport.server.upstream.mcp;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.server.config.UpstreamsConfig.Http;
import io.agentpassport.server.upstream.mcp.Answer.Failed;
import io.agentpassport.server.upstream.mcp.Answer.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpDelete;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * A server over Streamable HTTP: each message of ours is one POST, and what it says by itself comes on the stream of a GET.
 * Nothing of who called is in a request.
 */
final class HttpTransport implements Transport {

    private static final int MAX_SESSION_CHARACTERS = 256;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final Http config;
    private final GuardedHttp http;
    private final McpContext context;
    private final Listener listener;
    private final @Nullable String credential;
    private volatile @Nullable String session;
    private volatile @Nullable String version;
    private volatile @Nullable HttpGet listening;
    private volatile boolean open = true;

    /**
     * A transport; nothing is sent yet.
     *
     * @throws io.agentpassport.server.config.ConfigException
     *             when its credential cannot be read
     */
    HttpTransport(Http config, int connections, McpContext context, Listener listener) {
        this.config = config;
        this.credential = config.credential() == null ? null
                : (config.prefix().isEmpty() ? "" : config.prefix() + " ")
                        + context.secrets().read(config.credential());
        this.http = new GuardedHttp(config, connections, context);
        this.context = context;
        this.listener = listener;
    }

    @Override
    public Answer ask(long id, JsonObject request, Deadline deadline, int maxBytes) {
        HttpPost post = post(request);
        Answer answer = http.exchange(post, deadline, response -> {
            remember(response);
            return answer(response, post, id, maxBytes + McpLimits.ENVELOPE_BYTES);
        });
        if (answer instanceof Failed failed && failed.fault() == Fault.TIMEOUT) {
            cancelled(id);
        }
        return answer;
    }

    @Override
    public boolean tell(JsonObject message, Deadline deadline) {
        HttpPost post = post(message);
        return http.exchange(post, deadline, response -> response.getCode() / 100 == 2
                ? new Answer.Result(JsonObject.EMPTY)
                : turnedAway(response, post)) instanceof Answer.Result;
    }

    private void cancelled(long id) {
        Thread.startVirtualThread(() -> tell(Message.cancelled(id), Deadline.in(McpLimits.COURTESY, context.ticker())));
    }

    private HttpPost post(JsonObject message) {
        HttpPost post = with(new HttpPost(config.url()));
        post.setHeader("Accept", "application/json, text/event-stream");
        post.setEntity(new GuardedHttp.Body(Jcs.bytes(message)));
        return post;
    }

    private <T extends HttpUriRequestBase> T with(T request) {
        String known = session;
        String agreed = version;
        if (known != null) {
            request.setHeader("Mcp-Session-Id", known);
        }
        if (agreed != null) {
            request.setHeader("MCP-Protocol-Version", agreed);
        }
        if (credential != null) {
            request.setHeader(config.header(), credential);
        }
        return request;
    }

    private void remember(ClassicHttpResponse response) {
        Header header = response.getFirstHeader("Mcp-Session-Id");
        if (session == null && response.getCode() / 100 == 2 && header != null) {
            String id = header.getValue();
            if (id != null && !id.isEmpty() && id.length() <= MAX_SESSION_CHARACTERS
                    && id.chars().allMatch(c -> c > ' ' && c <= '~')) {
                session = id;
            }
        }
    }

    private Answer answer(ClassicHttpResponse response, HttpPost post, long id, int most) throws IOException {
        HttpEntity entity = response.getEntity();
        if (response.getCode() / 100 != 2) {
            return turnedAway(response, post);
        }
        if (entity == null) {
            return new Failed(Fault.PROTOCOL, "its answer is empty");
        }
        ContentType type = ContentType.parseLenient(entity.getContentType());
        String mime = type == null ? "" : type.getMimeType();
        if (mime.equalsIgnoreCase("text/event-stream")) {
            return streamed(entity, id, most);
        }
        if (!mime.equalsIgnoreCase("application/json")) {
            return new Failed(Fault.PROTOCOL, "its answer is neither JSON nor an event stream");
        }
        if (entity.getContentLength() > most) {
            throw new BoundedLines.TooLong();
        }
        byte[] body = BoundedLines.all(entity.getContent(), most);
        return switch (Message.read(body, McpLimits.parser(most))) {
            case Message.Reply reply when reply.id() == id -> reply.answer();
            case Message.Garbled garbled -> new Failed(Fault.PROTOCOL, garbled.problem());
            default -> new Failed(Fault.PROTOCOL, "what it answers is not the answer to what it was asked");
        };
    }

    private Answer streamed(HttpEntity entity, long id, int most) throws IOException {
        JsonParser parser = McpLimits.parser(most);
        var events = new EventStream(
                new BoundedLines(entity.getContent(), most, 2L * most + McpLimits.NOTICE_BYTES), most);
        int requests = 0;
        for (int messages = 0; messages < McpLimits.MESSAGES_BEFORE_ANSWER; messages++) {
            byte[] event = events.next();
            if (event == null) {
                return new Failed(Fault.PROTOCOL, "its stream ended before the answer");
            }
            if (event.length == 0) {
                continue;
            }
            switch (Message.read(event, parser)) {
                case Message.Reply reply -> {
                    return reply.id() == id ? reply.answer()
                            : new Failed(Fault.PROTOCOL, "what it answers is not the answer to what it was asked");
                }
                case Message.Garbled garbled -> {
                    return new Failed(Fault.PROTOCOL, garbled.problem());
                }
                case Message.Ask ask -> {
                    if (++requests > McpLimits.REQUESTS_OF_ITS_OWN) {
                        return new Failed(Fault.PROTOCOL, "it asks too much of its own");
                    }
                    decline(ask);
                }
                case Message.Notice notice -> heard(notice);
            }
        }
        return new Failed(Fault.PROTOCOL, "it says too much before it answers");
    }

    private void decline(Message.Ask ask) {
        JsonObject reply = Message.reply(ask);
        Thread.startVirtualThread(() -> tell(reply, Deadline.in(McpLimits.COURTESY, context.ticker())));
    }

    private void heard(Message.Notice notice) {
        if (notice.method().equals("notifications/tools/list_changed")) {
            listener.toolsChanged();
        }
    }

    /** It has all of the request by now, so no status says that it did nothing; it would be its word only. */
    private static Answer turnedAway(ClassicHttpResponse response, HttpPost post) {
        int code = response.getCode();
        if (code == 404 && post.containsHeader("Mcp-Session-Id")) {
            return new Answer.SessionLost();
        }
        return new Failed(Fault.PROTOCOL, code / 100 == 3
                ? "it redirects, which is not followed (" + code + ")"
                : "it answers with HTTP status " + code);
    }

    @Override
    public void agreed(String agreed) {
        version = agreed;
        Thread.startVirtualThread(() -> listen(FIRST_PAUSE));
    }

    /** Reads what the server says by itself, until it does not want to any more. */
    private void listen(Duration pause) {
        if (!open) {
            return;
        }
        HttpGet get = with(new HttpGet(config.url()));
        get.setHeader("Accept", "text/event-stream");
        listening = get;
        boolean offered = http.stream(get, response -> {
            HttpEntity entity = response.getEntity();
            if (response.getCode() != 200 || entity == null
                    || !String.valueOf(entity.getContentType()).startsWith("text/event-stream")) {
                return false;
            }
            var lines = new BoundedLines(entity.getContent(), McpLimits.NOTICE_BYTES, Long.MAX_VALUE);
            var events = new EventStream(lines, McpLimits.NOTICE_BYTES);
            JsonParser parser = McpLimits.parser(McpLimits.NOTICE_BYTES);
            int requests = 0;
            for (byte[] event = events.next(); event != null && open; event = events.next()) {
                switch (Message.read(event, parser)) {
                    case Message.Notice notice -> heard(notice);
                    case Message.Ask ask -> {
                        if (++requests > McpLimits.REQUESTS_OF_ITS_OWN) {
                            return true;
                        }
                        decline(ask);
                    }
                    case Message.Reply reply -> {
                        return true;
                    }
                    case Message.Garbled garbled -> {
                        return true;
                    }
                }
            }
            return true;
        });
        if (offered && open) {
            Duration next = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            var unused = context.timer()
                    .schedule(() -> Thread.startVirtualThread(() -> listen(next)), pause.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        HttpGet stream = listening;
        if (stream != null) {
            stream.cancel();
        }
        if (session != null) {
            var unused = http.exchange(with(new HttpDelete(config.url())),
                    Deadline.in(McpLimits.COURTESY, context.ticker()), response -> new Answer.SessionLost());
        }
        http.close();
    }
}
