package io.agentpassport.client;

import io.agentpassport.core.crypto.PublicKey;

/**
 * How a service introduces itself. Nothing of it is proven: believe it only over a TLS connection whose CA you trust, or
 * when it is what you were told elsewhere.
 *
 * @param audience the binding of its certificate, which statements signed for it name
 * @param publisher the key that signs its trust bundles
 * @param issuerDomain the domain it issues for
 * @param bundleJson its trust bundle in force, as it came and unverified
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record ServiceIntroduction(String audience, PublicKey publisher, String issuerDomain, byte[] bundleJson) {}
