package io.agentpassport.client;

import io.agentpassport.proto.v1.KnownAnchor;

/**
 * A trust anchor that a service knows.
 *
 * @param anchorId its name within its publisher's bundles
 * @param displayName its name for people
 * @param keyHex the key it signs certificates with, 64 hex digits
 * @param issuerDomain the domain it issues for
 * @param publisherKeyHex the publisher that lists it
 * @param state the state in lower case: in force, revoked, or stale, which is past the refresh of its bundle
 */
public record AnchorRecord(String anchorId, String displayName, String keyHex, String issuerDomain,
        String publisherKeyHex, String state) {

    static AnchorRecord of(KnownAnchor message) {
        return new AnchorRecord(message.getAnchorId(), message.getDisplayName(), message.getPubkeyHex(),
                message.getIssuerDomain(), message.getPublisherPubkeyHex(),
                WireValues.word(message.getState(), "TRUST_ANCHOR_STATE_"));
    }
}
