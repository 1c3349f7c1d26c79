package io.agentpassport.server.trust;

import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Rows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Begins to believe a publisher.
 *
 * @param key
 *            a point of the prime-order subgroup
 * @param issuerDomain
 *            1 to 256 characters, of no other publisher, in whatever case
 * @param allowedBindings
 *            at most 64 constraints of 1 to 256 characters each; empty allows all
 */
public record AddPublisher(PublicKey key, String issuerDomain, List<String> allowedBindings) {

    public AddPublisher {
        allowedBindings = List.copyOf(allowedBindings);
    }

    /** What came of it. */
    public sealed interface Outcome {}

    /** It is believed, now or already. */
    public record Added(Publisher publisher) implements Outcome {}

    /** The key could stand for somebody else's. */
    public record WeakKey() implements Outcome {}

    /** The key stands with other terms, or the domain with another key. */
    public record Conflict(Publisher standing) implements Outcome {}

    /**
     * Something is malformed or too much.
     *
     * @param field
     *            such as {@code issuer_domain}
     * @param problem
     *            in words that say what to do
     */
    public record Unacceptable(String field, String problem) implements Outcome {}

    /** What can be said without looking at any row; null when nothing is wrong. */
    @Nullable
    Outcome problem(TrustLimits limits) {
        if (!isName(issuerDomain)) {
            return new Unacceptable("issuer_domain", "give a domain of 1 to 256 characters");
        }
        if (allowedBindings.size() > limits.constraints() || !allowedBindings.stream().allMatch(AddPublisher::isName)) {
            return new Unacceptable("allowed_binding_constraints",
                    "give at most " + limits.constraints() + " constraints of 1 to 256 characters each");
        }
        return Ed25519.isInPrimeOrderSubgroup(key) ? null : new WeakKey();
    }

    Outcome decide(TrustSnapshot on, Rows rows, TrustLimits limits) {
        Publisher added = new Publisher(key, issuerDomain, allowedBindings, false, rows.now());
        for (Publisher standing : on.publishers()) {
            if (standing.hasTermsOf(added)) {
                return new Added(standing);
            }
            if (standing.key().equals(key) || standing.issuerDomain().equalsIgnoreCase(issuerDomain)) {
                return new Conflict(standing);
            }
        }
        if (on.publishers().size() >= limits.publishers()) {
            return new Unacceptable("publisher_pubkey_hex",
                    "at most " + limits.publishers() + " publishers are believed at once: remove one first");
        }
        rows.put(TrustRows.PUBLISHERS, key, added);
        TrustRows.restructured(rows);
        AuditLog.append(rows, TrustEntries.publisherAdded(added));
        return new Added(added);
    }

    private static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= TrustLimits.MAX_NAME_CHARACTERS
                && text.chars().noneMatch(Character::isISOControl);
    }
}
