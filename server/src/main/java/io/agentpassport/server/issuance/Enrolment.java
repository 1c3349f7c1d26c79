package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.AttestationGrade;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.time.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer vouches for: everything in a certificate that is not the subject's to say. The record of the same name
 * in {@code io.agentpassport.wire} is what a message asked for, with the wire's own checks; this one is what rows keep, and
 * features do not know the wire: so there are two, joined in {@code .server.rpc} alone.
 *
 * @param grade
 *            how strongly the subject was attested; null writes null
 * @param capabilities
 *            what it may do, at most 64 of 1 to 128 characters; null writes null
 * @param principal
 *            the person or organisation answerable for the identity, 1 to 128 characters
 * @param life
 *            of each certificate, counted from its issue, in whole milliseconds
 * @param renewUntil
 *            the last instant at which a certificate can be renewed, in whole milliseconds; null means never
 */
public record Enrolment(@Nullable AttestationGrade grade, @Nullable List<String> capabilities, String principal,
        Duration life, @Nullable Instant renewUntil) {

    public Enrolment {
        capabilities = capabilities == null ? null : List.copyOf(capabilities);
    }

    /**
     * A term that cannot be granted.
     *
     * @param field
     *            such as {@code principal}
     * @param problem
     *            in words that say what to do
     */
    public record Fault(String field, String problem) {}

    /** The first thing that is wrong with it, or null. */
    @Nullable
    Fault fault(IssuanceLimits limits, Instant now) {
        if (!Text.isText(principal, IssuanceLimits.MAX_PRINCIPAL_CHARACTERS)) {
            return new Fault("principal",
                    "name the person or organisation answerable, in 1 to 128 visible characters without spaces around them");
        }
        List<String> wanted = capabilities;
        if (wanted != null && (wanted.size() > IssuanceLimits.MAX_CAPABILITIES
                || !wanted.stream().allMatch(name -> Text.isText(name, IssuanceLimits.MAX_CAPABILITY_CHARACTERS)))) {
            return new Fault("capabilities.names", "give at most 64 capabilities of 1 to 128 characters each");
        }
        if (life.compareTo(IssuanceLimits.SHORTEST_LIFE) < 0 || life.compareTo(limits.longestLife()) > 0) {
            return new Fault("certificate_life", "give 1s to " + DurationText.of(limits.longestLife())
                    + "; the configuration key certificates.max_life allows up to 30d");
        }
        Instant until = renewUntil;
        if (until != null && (until.isBefore(now) || until.isAfter(now.plus(IssuanceLimits.HARD_LIFE)))) {
            return new Fault("renew_until", "give an instant from now to 30d ahead, or none");
        }
        return null;
    }

    JsonObject json() {
        AttestationGrade known = grade;
        Instant until = renewUntil;
        return JsonObject.builder()
                .put("grade", known == null ? JsonNull.NULL : new JsonNumber(known.value()))
                .put("capabilities", capabilities)
                .put("principal", principal)
                .put("life_ms", (double) life.toMillis())
                .put("renew_until", until == null ? JsonNull.NULL : new JsonNumber((double) until.toEpochMilli()))
                .build();
    }

    static @Nullable Enrolment fromJson(@Nullable JsonObject json) {
        if (json == null) {
            return null;
        }
        Double grade = json.number("grade");
        String principal = json.string("principal");
        Double life = json.number("life_ms");
        Double until = json.number("renew_until");
        if (principal == null || life == null) {
            return null;
        }
        return new Enrolment(grade == null ? null : new AttestationGrade(grade.intValue()),
                json.strings("capabilities"), principal, Duration.ofMillis(life.longValue()),
                until == null ? null : Instant.ofEpochMilli(until.longValue()));
    }
}
