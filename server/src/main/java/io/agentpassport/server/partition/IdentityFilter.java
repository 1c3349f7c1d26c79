package io.agentpassport.server.partition;

import io.agentpassport.core.certificate.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Of whom something is asked for.
 *
 * @param issuerDomain
 *            only of identities of this one; null of any
 * @param binding
 *            only of identities with this one; null with any
 */
public record IdentityFilter(@Nullable String issuerDomain, @Nullable String binding) {

    /** Of everybody. */
    public static final IdentityFilter ALL = new IdentityFilter(null, null);

    /** Of that identity only. */
    public static IdentityFilter of(Identity identity) {
        return new IdentityFilter(identity.issuerDomain(), identity.binding());
    }

    /** Whether what is of that identity is asked for. */
    public boolean matches(Identity identity) {
        return (issuerDomain == null || issuerDomain.equals(identity.issuerDomain()))
                && (binding == null || binding.equals(identity.binding()));
    }

    /** The one identity that matches, or null when it may be any of several, or none can be. */
    public @Nullable Identity identity() {
        return Identity.of(issuerDomain, binding);
    }

    /**
     * What is left of this for somebody who may see only what is its own.
     *
     * @param own
     *            the identity that asks; null for whoever may see everything
     * @return null when nothing is left
     */
    public @Nullable IdentityFilter narrowedTo(@Nullable Identity own) {
        if (own == null) {
            return this;
        }
        return matches(own) ? of(own) : null;
    }
}
