package io.agentpassport.wire;

import io.agentpassport.core.certificate.Identity;

/** Identities on the wire. */
public final class Identities {

    private Identities() {}

    /** The message of an identity. */
    public static io.agentpassport.proto.v1.Identity encode(Identity identity) {
        return io.agentpassport.proto.v1.Identity.newBuilder()
                .setIssuerDomain(identity.issuerDomain())
                .setBinding(identity.binding())
                .build();
    }
}
