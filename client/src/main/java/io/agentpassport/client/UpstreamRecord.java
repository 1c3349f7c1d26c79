package io.agentpassport.client;

import io.agentpassport.proto.v1.Upstream;
import java.util.Locale;

/**
 * Where allowed calls can go.
 *
 * @param kind {@code built_in}, {@code mcp_http} or {@code mcp_stdio}
 * @param target the URL, or the name of the command; empty when it is built in
 * @param state {@code connected}, {@code connecting} or {@code unreachable}
 * @param lastError what went wrong last; may be empty
 * @param toolCount how many tools it has, of any state
 */
public record UpstreamRecord(String name, String kind, String target, String state, String lastError, int toolCount) {

    static UpstreamRecord of(Upstream message) {
        return new UpstreamRecord(message.getName(), word(message.getKind().name(), "UPSTREAM_KIND_"),
                message.getTarget(), word(message.getState().name(), "UPSTREAM_STATE_"), message.getLastError(),
                message.getToolCount());
    }

    static String word(String constant, String prefix) {
        return constant.substring(constant.startsWith(prefix) ? prefix.length() : 0).toLowerCase(Locale.ROOT);
    }
}
