package io.agentpassport.server.tls;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.jspecify.annotations.Nullable;

/**
 * What a client certificate of our CA says of an admin: the common name is who it is, each organisational unit a role that it
 * holds.
 *
 * @param name
 *            for the log
 * @param roles
 *            what it may do; never none
 * @param key
 *            what it proves to hold by the connection
 * @param notBefore
 *            its first instant
 * @param notAfter
 *            its last instant
 */
public record AdminCertificate(String name, Set<AdminRole> roles, PublicKey key, Instant notBefore, Instant notAfter) {

    private static final int FIELD_BITS = 256;
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

    public AdminCertificate {
        roles = Set.copyOf(roles);
    }

    /**
     * Reads a certificate whose chain to our CA has been verified; null when it is not an admin's, such as the server's
     * own.
     */
    public static @Nullable AdminCertificate of(X509Certificate certificate) {
        X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        String name = only(subject, BCStyle.CN);
        Set<AdminRole> roles = roles(subject);
        if (name == null || roles.isEmpty() || !isForClients(certificate)) {
            return null;
        }
        return new AdminCertificate(name, roles, certificate.getPublicKey(), certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    /** Whether it is good at that instant: a connection may outlive it. */
    public boolean isValidAt(Instant now) {
        return !now.isBefore(notBefore) && !now.isAfter(notAfter);
    }

    /**
     * Whether the holder of its key signed that.
     *
     * @param signature
     *            ECDSA P-256 with SHA-256, in DER
     */
    public boolean signed(byte[] message, byte[] signature) {
        if (!(key instanceof ECPublicKey ec) || ec.getParams().getCurve().getField().getFieldSize() != FIELD_BITS) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean isForClients(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes != null && purposes.contains(CLIENT_AUTHENTICATION)
                    && certificate.getBasicConstraints() < 0;
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** A unit that is no role gives nothing. */
    private static Set<AdminRole> roles(X500Name subject) {
        Set<AdminRole> roles = EnumSet.noneOf(AdminRole.class);
        for (RDN unit : subject.getRDNs(BCStyle.OU)) {
            AdminRole role = unit.isMultiValued() ? null
                    : AdminRole.fromText(IETFUtils.valueToString(unit.getFirst().getValue()));
            if (role != null) {
                roles.add(role);
            }
        }
        return roles;
    }

    private static @Nullable String only(X500Name subject, ASN1ObjectIdentifier attribute) {
        RDN[] found = subject.getRDNs(attribute);
        return found.length == 1 && !found[0].isMultiValued()
                ? IETFUtils.valueToString(found[0].getFirst().getValue())
                : null;
    }
}
