package io.agentpassport.server.rpc;

import io.agentpassport.server.metrics.Metrics;

/** What is open and held on the gRPC surface, as figures. */
record RpcGauges(BoundedCalls calls, Connections connections, UnhandledRequests unhandled, UnreadAnswers unread,
        OpenStreams streams) {

    void register(Metrics metrics) {
        metrics.gauge("rpc.open", "Calls over gRPC under way, streams and watches among them", calls::underWay);
        metrics.gauge("connections", "Connections on which calls are answered", connections::open);
        metrics.gauge("held.bytes",
                "Bytes held in memory for callers: requests that are not answered, answers that are not"
                        + " read",
                unhandled::bytes, "what", "requests");
        metrics.gauge("held.bytes",
                "Bytes held in memory for callers: requests that are not answered, answers that are not"
                        + " read",
                unread::waiting, "what", "answers");
        metrics.gauge("streams", "Streams of tool calls that are open", streams.calls()::size);
    }
}
