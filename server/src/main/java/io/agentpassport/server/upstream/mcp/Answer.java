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

    /** It does not know our session any more, so it did nothing. */
    record SessionLost() implements Answer {}

    /** Why there is no answer. */
    enum Fault {
        /** No answer in time: whether it did anything is not known. */
        TIMEOUT,
        /** Nothing was sent, or it was turned away at the door: it did nothing. */
        UNREACHABLE,
        /** It answers more than may be taken. */
        TOO_LARGE,
        /** What it answered is not of its protocol, or it fell silent halfway: whether it did anything is not known. */
        PROTOCOL
    }
}
