package io.agentpassport.server.tls;

import io.agentpassport.core.crypto.NonceSource;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/** The CA of one service's transport. Its key signs TLS certificates and nothing else; no passport hangs on it. */
public final class TlsAuthority {

    /** Life of the CA. */
    public static final Duration CA_LIFE = Duration.ofDays(3650);
    /** Life of the certificates it makes. */
    public static final Duration LIFE = Duration.ofDays(397);
    /** The longest common name that X.509 allows. */
    public static final int MAX_NAME_CHARS = 64;

    /** Clocks of the two sides may differ by so much when a certificate is new. */
    private static final Duration BACKDATED = Duration.ofHours(1);
    private static final int SERIAL_BYTES = 16;
    private static final String ORGANISATION = "Agent Passport";
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private final TlsCredential ca;
    private final NonceSource nonces;

    public TlsAuthority(TlsCredential ca, NonceSource nonces) {
        this.ca = ca;
        this.nonces = nonces;
    }

    /** Makes a CA of that name. */
    public static TlsAuthority create(String name, Instant now, NonceSource nonces) {
        KeyPair pair = keyPair();
        X500Name subject = subject("TLS CA of " + name, Set.of());
        return new TlsAuthority(
                sign(subject, pair, subject, pair, now, CA_LIFE, nonces, (certificate, extensions) -> {
                    certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
                    certificate.addExtension(Extension.keyUsage, true,
                            new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
                }), nonces);
    }

    /** Its own certificate and key. */
    public TlsCredential credential() {
        return ca;
    }

    /** A certificate for the server, by these names and addresses and those of loopback. */
    public TlsCredential server(Collection<String> names, Instant now) {
        Set<String> all = new LinkedHashSet<>(LOOPBACK);
        all.addAll(names);
        GeneralName[] alternatives = all.stream().map(TlsAuthority::generalName).toArray(GeneralName[]::new);
        return issue(subject("server", Set.of()), now, (certificate, extensions) -> {
            certificate.addExtension(Extension.extendedKeyUsage, false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            certificate.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
        });
    }

    /**
     * A certificate for an admin.
     *
     * @param name 1 to {@link #MAX_NAME_CHARS} characters, for the log
     * @param roles at least one
     */
    public TlsCredential admin(String name, Set<AdminRole> roles, Instant now) {
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
            throw new IllegalArgumentException("an admin's name has 1 to " + MAX_NAME_CHARS + " characters");
        }
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("an admin has a role");
        }
        return issue(subject(name, roles), now,
                (certificate, extensions) -> certificate.addExtension(Extension.extendedKeyUsage, false,
                        new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth)));
    }

    private interface Extending {
        void extend(JcaX509v3CertificateBuilder certificate, JcaX509ExtensionUtils extensions) throws CertIOException;
    }

    private TlsCredential issue(X500Name subject, Instant now, Extending extending) {
        X500Name issuer = X500Name.getInstance(ca.certificate().getSubjectX500Principal().getEncoded());
        KeyPair issuerPair = new KeyPair(ca.certificate().getPublicKey(), ca.key());
        Instant end = now.plus(LIFE);
        Duration life = end.isAfter(ca.notAfter()) ? Duration.between(now, ca.notAfter()) : LIFE;
        return sign(subject, keyPair(), issuer, issuerPair, now, life, nonces, (certificate, extensions) -> {
            certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            certificate.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            extending.extend(certificate, extensions);
        });
    }

    private static TlsCredential sign(X500Name subject, KeyPair pair, X500Name issuer, KeyPair issuerPair, Instant now,
            Duration life, NonceSource nonces, Extending extending) {
        BigInteger serial = new BigInteger(1, nonces.bytes(SERIAL_BYTES)).add(BigInteger.ONE);
        var certificate = new JcaX509v3CertificateBuilder(issuer, serial, Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(life)), subject, pair.getPublic());
        try {
            var extensions = new JcaX509ExtensionUtils();
            certificate.addExtension(Extension.subjectKeyIdentifier, false,
                    extensions.createSubjectKeyIdentifier(pair.getPublic()));
            certificate.addExtension(Extension.authorityKeyIdentifier, false,
                    extensions.createAuthorityKeyIdentifier(issuerPair.getPublic()));
            extending.extend(certificate, extensions);
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerPair.getPrivate());
            return new TlsCredential(new JcaX509CertificateConverter().getCertificate(certificate.build(signer)),
                    pair.getPrivate());
        } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("a P-256 certificate can be made on every JDK", e);
        }
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes P-256 keys", e);
        }
    }

    private static X500Name subject(String name, Set<AdminRole> roles) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.O, ORGANISATION);
        roles.stream().sorted().forEach(role -> subject.addRDN(BCStyle.OU, role.text()));
        String cut = name.length() > MAX_NAME_CHARS ? name.substring(0, MAX_NAME_CHARS) : name;
        return subject.addRDN(BCStyle.CN, cut).build();
    }

    private static GeneralName generalName(String name) {
        return new GeneralName(IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }
}
