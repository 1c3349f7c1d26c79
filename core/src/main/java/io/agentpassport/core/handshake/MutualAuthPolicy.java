package io.agentpassport.core.handshake;

import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.Rejected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier asks of its peer.
 *
 * @param acceptedVersions protocol versions in order of preference; none accepts nobody
 * @param minAgentGrade the least grade of an agent; null asks for none
 * @param requiredCapabilities what the peer's certificate must list
 * @param maxClockSkewMillis how far clocks may differ; an attest is fresh for at least 60,000 ms whatever this says
 * @param maxSessionMillis how long a session lasts at most; null lets it last as long as both certificates
 */
public record MutualAuthPolicy(List<String> acceptedVersions, @Nullable Long minAgentGrade,
        List<String> requiredCapabilities, long maxClockSkewMillis, @Nullable Long maxSessionMillis) {

    /** Copies the lists. */
    public MutualAuthPolicy {
        acceptedVersions = List.copyOf(acceptedVersions);
        requiredCapabilities = List.copyOf(requiredCapabilities);
        if (maxClockSkewMillis < 0) {
            throw new IllegalArgumentException("clocks differ by 0 ms or more");
        }
    }

    /** Accepts these versions and asks for nothing else. */
    public static MutualAuthPolicy accepting(List<String> versions) {
        return new MutualAuthPolicy(versions, null, List.of(), 0, null);
    }

    /** What reading a policy answers: {@link Read} or {@link Unreadable}. */
    public sealed interface Outcome permits Read, Unreadable {}

    /** The policy. */
    public record Read(MutualAuthPolicy policy) implements Outcome {}

    /** Which member is missing or of the wrong type: error {@code invalid_policy}, the member as reason. */
    public record Unreadable(Rejected rejected) implements Outcome {}

    /**
     * Reads {@code {accepted_versions, min_agent_grade?, required_capabilities?, max_clock_skew_ms?, max_session_ms?}};
     * null means unset, numbers are integers up to 2^53 - 1. A negative {@code max_session_ms} is read, and lets no
     * session begin.
     */
    public static Outcome fromJson(JsonObject json) {
        List<String> accepted = json.strings("accepted_versions");
        if (accepted == null) {
            return unreadable("accepted_versions");
        }
        List<String> capabilities = json.isUnset("required_capabilities")
                ? List.of()
                : json.strings("required_capabilities");
        if (capabilities == null) {
            return unreadable("required_capabilities");
        }
        for (String member : List.of("min_agent_grade", "max_clock_skew_ms", "max_session_ms")) {
            if (!json.isUnset(member) && integer(json, member) == null) {
                return unreadable(member);
            }
        }
        Long grade = integer(json, "min_agent_grade");
        if (grade != null && grade < 0) {
            return unreadable("min_agent_grade");
        }
        Long skew = integer(json, "max_clock_skew_ms");
        if (skew != null && skew < 0) {
            return unreadable("max_clock_skew_ms");
        }
        return new Read(new MutualAuthPolicy(accepted, grade, capabilities, skew == null ? 0 : skew,
                integer(json, "max_session_ms")));
    }

    /** The document of this policy. A grade and a maximum that are unset are left out, which reads the same as null. */
    public JsonObject json() {
        JsonObject.Builder members = JsonObject.builder()
                .put("accepted_versions", acceptedVersions)
                .put("required_capabilities", requiredCapabilities)
                .put("max_clock_skew_ms", (double) maxClockSkewMillis);
        if (minAgentGrade != null) {
            members.put("min_agent_grade", minAgentGrade.doubleValue());
        }
        if (maxSessionMillis != null) {
            members.put("max_session_ms", maxSessionMillis.doubleValue());
        }
        return members.build();
    }

    private static @Nullable Long integer(JsonObject json, String member) {
        return json.get(member) instanceof JsonNumber number && number.isSafeInteger()
                ? (Long) (long) number.value()
                : null;
    }

    private static Unreadable unreadable(String member) {
        return new Unreadable(new Rejected("invalid_policy", member, "$." + member));
    }
}
