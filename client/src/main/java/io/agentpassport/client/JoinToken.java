package io.agentpassport.client;

import io.agentpassport.core.crypto.PublicKey;

/**
 * A one-time token as an admin hands it over, with what its bearer must know of the service.
 *
 * @param text {@code ID.SECRET}; a secret until it is used
 * @param audience the binding of the service that made it
 * @param publisher the key that signs that service's trust bundles
 */
public record JoinToken(String text, String audience, PublicKey publisher) {

    /** The part before the dot must be there, and the part after it. */
    public JoinToken {
        int dot = text.indexOf('.');
        if (dot < 1 || dot == text.length() - 1) {
            throw PassportException
                    .local("a join token reads ID.SECRET; copy the whole of it, as join-token printed it");
        }
    }

    /** The part that is no secret: {@code jt_} and 24 hex digits. */
    public String id() {
        return text.substring(0, text.indexOf('.'));
    }

    /** The id only. */
    @Override
    public String toString() {
        return "JoinToken[" + id() + "]";
    }
}
