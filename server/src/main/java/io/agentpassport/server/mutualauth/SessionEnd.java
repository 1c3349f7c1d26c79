package io.agentpassport.server.mutualauth;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.SessionState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a session ended before its time.
 *
 * @param state
 *            {@link SessionState#DISPLACED} or {@link SessionState#ENDED}
 * @param at
 *            in whole milliseconds
 * @param reason
 *            as whoever ended it put it, may be empty
 * @param requestId
 *            of the call that ended it; null when it was displaced
 */
public record SessionEnd(SessionState state, Instant at, String reason, @Nullable String requestId) {

    public SessionEnd {
        if (!endsEarly(state)) {
            throw new IllegalArgumentException("a session is displaced or ended, " + state + " is computed");
        }
        if (reason.length() > MutualAuthLimits.MAX_REASON_CHARACTERS) {
            throw new IllegalArgumentException("a reason has at most 256 characters");
        }
    }

    /** Whether it is written down, because nothing else shows it. */
    private static boolean endsEarly(SessionState state) {
        return state == SessionState.DISPLACED || state == SessionState.ENDED;
    }

    static SessionEnd displaced(Instant at) {
        return new SessionEnd(SessionState.DISPLACED, at, "", null);
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("state", state.text())
                .put("at", (double) at.toEpochMilli())
                .put("reason", reason)
                .put("request_id", requestId)
                .build();
    }

    static @Nullable SessionEnd fromJson(JsonObject json) {
        SessionState state = SessionState.fromText(json.string("state"));
        Double at = json.number("at");
        String reason = json.string("reason");
        if (state == null || !endsEarly(state) || at == null || reason == null) {
            return null;
        }
        return new SessionEnd(state, Instant.ofEpochMilli(at.longValue()), reason, json.string("request_id"));
    }
}
