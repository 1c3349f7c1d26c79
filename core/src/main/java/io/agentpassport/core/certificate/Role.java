package io.agentpassport.core.certificate;

import org.jspecify.annotations.Nullable;

/** What a party is. Certificates are for agents and information systems; a trust anchor only issues. */
public enum Role {
    /** A software agent, which acts under its agent id. */
    AGENT("agent"),
    /** A system that agents call, known by the resource domain it serves. */
    INFORMATION_SYSTEM("information_system"),
    /** An issuer that is trusted as such; never the subject of a certificate. */
    TRUST_ANCHOR("trust_anchor");

    private final String text;

    Role(String text) {
        this.text = text;
    }

    /** The word in documents. */
    public String text() {
        return text;
    }

    /** Whether a certificate can be about such a party. */
    public boolean isSubject() {
        return this != TRUST_ANCHOR;
    }

    /** The role of that word, or null for any other, also in other case. */
    public static @Nullable Role fromText(@Nullable String text) {
        for (Role role : values()) {
            if (role.text.equals(text)) {
                return role;
            }
        }
        return null;
    }
}
