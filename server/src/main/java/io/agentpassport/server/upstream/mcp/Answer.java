package io.agentpassport.server.upstream.mcp;

import io.agentpassport.core.json.JsonObject;

/** What came of a request to a server. */
public sealed interface Answer {

    /** It answered. */
    record Result(JsonObject result) implements Answer {}

    /** It answered that it will not, with an error of JSON-RPC. */
    record Refused(long code, String message) implements Answer {}

    /** It did not answer. */
    record Failed(Fault fault, String message) implements Answer {}

    /**
     * It does not know the session that the request named, by a status that its protocol has for this alone: it may be asked
     * again in another session. That it did nothing is its word only.
     */
    record SessionLost() implements Answer {}

    /** Why there is no answer. */
    enum Fault {
        /** No answer in time: whether it did anything is not known. */
        TIMEOUT,
        /** Nothing was sent: it did nothing. */
        UNREACHABLE,
        /** It answers more than may be taken. */
        TOO_LARGE,
        /** It turned us away, answered what is not of its protocol, or fell silent halfway: what it did is not known. */
        PROTOCOL
    }
}
