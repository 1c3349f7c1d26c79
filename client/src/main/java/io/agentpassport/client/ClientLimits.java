package io.agentpassport.client;

import io.agentpassport.core.json.JsonLimits;
import java.time.Duration;

/** What the client waits for, repeats and keeps, at most. */
final class ClientLimits {

    /** How long a call may take when nobody says otherwise. */
    static final Duration CALL_DEADLINE = Duration.ofSeconds(10);
    /** The longest deadline that the service grants a unary call. */
    static final Duration MAX_CALL_DEADLINE = Duration.ofSeconds(30);
    /** How often a call that is safe to repeat is tried, the first time included. */
    static final int ATTEMPTS = 4;
    /** The wait before the second try; it doubles, and half of it is random. */
    static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    /** The longest wait between two tries. */
    static final Duration MAX_BACKOFF = Duration.ofSeconds(2);
    /** A message from the service: as large as the service takes. */
    static final int MESSAGE_BYTES = 1024 * 1024;
    /** Metadata from the service. */
    static final int METADATA_BYTES = 8 * 1024;
    /** How long closing waits for calls under way. */
    static final Duration CLOSING = Duration.ofSeconds(5);
    /** The longest session that an agent agrees to. */
    static final Duration MAX_SESSION = Duration.ofHours(8);
    /** How far the service's clock may be from ours. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(60);
    /** How far before its issue a certificate's window begins. */
    static final Duration BACKDATED = Duration.ofSeconds(60);
    /** The shortest pause between two renewals. */
    static final Duration MIN_RENEWAL_PAUSE = Duration.ofSeconds(1);
    /** How long to follow an approval before looking whether its time is over. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
    /** Calls under way on one stream of tool calls. */
    static final int STREAM_CALLS = 1_024;
    /** Certificates that a responder remembers as verified. */
    static final int REMEMBERED_CERTIFICATES = 4_096;
    /** Challenges that a responder remembers, open and used ones together. */
    static final int CHALLENGES = 65_536;
    /** A session record, which holds two certificates. */
    static final JsonLimits SESSION = new JsonLimits(128 * 1024, 32, 20_000, true, false);
    /** A file with a session record, what it takes to use it, and perhaps a signed tool call. */
    static final JsonLimits SESSION_FILE = new JsonLimits(400 * 1024, 34, 40_020, true, false);
    /** A file with a key, a certificate or a bundle. */
    static final int FILE_BYTES = 1024 * 1024;

    private ClientLimits() {}
}
