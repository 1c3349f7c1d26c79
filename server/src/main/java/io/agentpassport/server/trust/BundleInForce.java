package io.agentpassport.server.trust;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.core.trust.VerifiedTrustBundle;
import io.agentpassport.server.store.Codec;
import java.util.List;

/** A bundle that was verified, with the bytes it came in: they are stored and passed on, never others. */
public final class BundleInForce {

    /** Stored as the bytes are; verified again when read, so that a damaged row is found. */
    static final Codec<BundleInForce> CODEC = Codec.of(BundleInForce::bytes, BundleInForce::decode);

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.TRUST_BUNDLE);

    private final byte[] bytes;
    private final VerifiedTrustBundle bundle;
    private final String digest;

    private BundleInForce(byte[] bytes, VerifiedTrustBundle bundle) {
        this.bytes = bytes;
        this.bundle = bundle;
        this.digest = Digest.sha256Text(bytes);
    }

    static BundleInForce of(byte[] bytes, VerifiedTrustBundle bundle) {
        return new BundleInForce(bytes.clone(), bundle);
    }

    /** A bundle we have just signed. */
    static BundleInForce own(JsonObject signed) {
        return decode(Jcs.bytes(signed));
    }

    private static BundleInForce decode(byte[] bytes) {
        if (PARSER.parse(bytes) instanceof JsonParser.Parsed parsed) {
            JsonObject json = parsed.object();
            Double issuedAt = json.number("issued_at");
            String publisher = json.string("publisher_pubkey_hex");
            if (issuedAt != null && publisher != null && new TrustBundle(json).verify(List.of(publisher),
                    issuedAt) instanceof TrustBundle.Valid valid) {
                return new BundleInForce(bytes, valid.bundle());
            }
        }
        throw new IllegalArgumentException("a stored trust bundle does not verify");
    }

    /** JSON, UTF-8; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** What it says. */
    public VerifiedTrustBundle bundle() {
        return bundle;
    }

    /** {@code sha256:HEX} of the bytes. */
    public String digest() {
        return digest;
    }

    Floor floor() {
        return new Floor(bundle.issuedAtMillis(), digest);
    }
}
