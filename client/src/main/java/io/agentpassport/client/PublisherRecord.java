package io.agentpassport.client;

import io.agentpassport.proto.v1.Publisher;
import java.util.List;

/**
 * A publisher whose trust bundles a service believes.
 *
 * @param keyHex the key that signs its bundles, 64 hex digits
 * @param issuerDomain the domain that its anchors issue for
 * @param bindingConstraints the bindings that its anchors may certify there; empty for any
 * @param own whether it is the service itself
 * @param bundleId its bundle in force; empty before the first
 * @param anchorCount how many anchors that bundle lists
 */
public record PublisherRecord(String keyHex, String issuerDomain, List<String> bindingConstraints, boolean own,
        String bundleId, int anchorCount) {

    /** Copies the list. */
    public PublisherRecord {
        bindingConstraints = List.copyOf(bindingConstraints);
    }

    static PublisherRecord of(Publisher message) {
        return new PublisherRecord(message.getPublisherPubkeyHex(), message.getIssuerDomain(),
                message.getAllowedBindingConstraintsList(), message.getOwn(), message.getBundle().getBundleId(),
                message.getBundle().getAnchorCount());
    }
}
