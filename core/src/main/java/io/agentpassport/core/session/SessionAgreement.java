package io.agentpassport.core.session;

import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of the record that the service returned: the service fixes instant and end, everything else the
 * client derives by itself, and both must come to the same bytes (docs/protocol.md, "What the service adds").
 */
public enum SessionAgreement {
    /** The same record, within the client's own bounds. */
    AGREED,
    /** It begins too far from the client's own clock, or does not say when. */
    INSTANT_BEYOND_SKEW,
    /** It lasts longer than the client's own maximum, or than one of the certificates; or does not say how long. */
    TOO_LONG,
    /** It is not the record that the attests give. */
    DIFFERENT;

    /**
     * Compares the service's record with the client's own derivation.
     *
     * @param record the document, as received
     * @param maxSkewMillis how far the two clocks may differ
     * @param maxSessionMillis the client's own maximum; null for none
     * @param nowMillis the client's clock, unix milliseconds
     */
    public static SessionAgreement compare(JsonObject record, Attest agent, Attest system, long maxSkewMillis,
            @Nullable Long maxSessionMillis, double nowMillis) {
        Double established = record.number("established_at");
        if (established == null || Math.abs(nowMillis - established) > maxSkewMillis) {
            return INSTANT_BEYOND_SKEW;
        }
        Double expires = record.number("expires_at");
        if (expires == null || !new JsonNumber(expires - established).isSafeInteger()) {
            return TOO_LONG;
        }
        long length = (long) (expires - established);
        if ((maxSessionMillis != null && length > maxSessionMillis) || outlives(expires, agent)
                || outlives(expires, system)) {
            return TOO_LONG;
        }
        boolean same = SessionDerivation.derive(agent, system, length,
                established) instanceof SessionDerivation.Derived derived
                && derived.session().json().equals(record);
        return same ? AGREED : DIFFERENT;
    }

    private static boolean outlives(double expires, Attest attest) {
        Double end = attest.certificate().json().number("not_after");
        return end == null || expires > end;
    }
}
