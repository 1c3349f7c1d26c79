package io.agentpassport.client;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.Rejected;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Who an agent is, or a system that agents call: its key, the certificate that a service issued for it, and that
 * service's name and publisher key, by which the service is known again.
 *
 * @param key the private key; it stays here
 * @param certificate form and signature are right; the key is the one it is for
 * @param partition the partition that keeps the certificate, 4 hex digits
 * @param audience the binding of the service that issued it
 * @param publisher the key that signs that service's trust bundles
 */
public record AgentIdentity(AgentKey key, VerifiedCertificate certificate, String partition, String audience,
        PublicKey publisher) {

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);

    /** The certificate must be for the key. */
    public AgentIdentity {
        if (!certificate.subjectKey().equals(key.publicKey())) {
            throw PassportException.local("the certificate is for another key than " + key.publicKey().hex());
        }
    }

    /** The certificate's id. */
    public CertificateId certificateId() {
        return certificate.id();
    }

    /** The agent id, or the resource domain served. */
    public String binding() {
        return certificate.binding();
    }

    /**
     * The instant after which it is time to renew: two thirds of the certificate's life, which is counted from its issue
     * and not from where the window begins.
     */
    public Instant renewAfter() {
        double window = certificate.notAfterMillis() - certificate.notBeforeMillis();
        double life = window > ClientLimits.BACKDATED.toMillis() ? window - ClientLimits.BACKDATED.toMillis() : window;
        return Instant.ofEpochMilli((long) (certificate.notAfterMillis() - life / 3));
    }

    /** Writes all but the key to a file, as JSON; the key has its own file, see {@link AgentKey#save}. */
    public void save(Path file) {
        JsonObject document = JsonObject.builder()
                .put("certificate", certificate.certificate().json())
                .put("certificate_id", certificate.id().text())
                .put("partition", partition)
                .put("audience", audience)
                .put("publisher_pubkey_hex", publisher.hex())
                .build();
        PrivateFiles.replace(file, Jcs.bytes(document));
    }

    /**
     * The identity of a key file and the file written by {@link #save}.
     *
     * @throws PassportException when a file cannot be read, is malformed, or the two do not belong together
     */
    public static AgentIdentity load(Path keyFile, Path identityFile) {
        AgentKey key = AgentKey.load(keyFile);
        byte[] read = PrivateFiles.read(identityFile);
        JsonParser.Outcome outcome = PARSER.parse(read);
        if (outcome instanceof Rejected rejected) {
            throw PassportException.local(identityFile + " is not an identity: it " + PARSER.explain(read, rejected)
                    + "; get one with: ./passport issue");
        }
        JsonObject document = ((JsonParser.Parsed) outcome).object();
        JsonObject json = document.object("certificate");
        String partition = document.string("partition");
        String audience = document.string("audience");
        PublicKey publisher = PublicKey.fromHex(document.string("publisher_pubkey_hex"));
        if (json == null || partition == null || audience == null || publisher == null) {
            throw PassportException.local(identityFile + " is not an identity: certificate, partition, audience and "
                    + "publisher_pubkey_hex are needed; get one with: ./passport issue");
        }
        if (!(CertificateVerifier.DIRECT
                .verify(Certificate.received(json)) instanceof CertificateVerifier.Valid valid)) {
            throw PassportException.local("the certificate in " + identityFile + " does not verify; was it changed?");
        }
        if (!valid.certificate().subjectKey().equals(key.publicKey())) {
            throw PassportException.local("the certificate in " + identityFile + " is for another key than the one in "
                    + keyFile + "; name the two that were made together");
        }
        return new AgentIdentity(key, valid.certificate(), partition, audience, publisher);
    }

    /** Names the certificate only. */
    @Override
    public String toString() {
        return "AgentIdentity[" + binding() + " " + certificateId() + "]";
    }
}
