package io.agentpassport.server.upstream.mcp;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import java.time.Duration;

/** What a server may ask of us, by sending. */
final class McpLimits {

    /** What stands around a result in its message, in bytes. */
    static final int ENVELOPE_BYTES = 4096;

    /** The longest list of tools, all pages together, in bytes. */
    static final int LIST_BYTES = 4 << 20;

    /** The most tools of one server. */
    static final int TOOLS = 512;

    /** The most pages of such a list. */
    static final int PAGES = 64;

    /** How many messages a server may send us before the answer to one request. */
    static final int MESSAGES_BEFORE_ANSWER = 1000;

    /** How many requests of its own it may send us before the answer to one request of ours. */
    static final int REQUESTS_OF_ITS_OWN = 16;

    /** The longest message that is not an answer, in bytes. */
    static final int NOTICE_BYTES = 64 * 1024;

    /** The longest line of a header of HTTP, and how many there may be. */
    static final int HEADER_CHARACTERS = 8192;
    static final int HEADERS = 100;

    /** The longest line of a child's standard error that is logged, and how many of them in a minute. */
    static final int ERROR_LINE_CHARACTERS = 512;
    static final int ERROR_LINES_PER_MINUTE = 60;

    /** For what nobody waits for, such as the end of a session. */
    static final Duration COURTESY = Duration.ofSeconds(2);

    private McpLimits() {}

    /** A parser of messages of at most that many bytes; what nests deeper could not be stored. */
    static JsonParser parser(int maxBytes) {
        return JsonParser.with(new JsonLimits(maxBytes, 36, 400_000, true, false));
    }
}
