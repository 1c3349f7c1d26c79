package io.agentpassport.server.cli.bench;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.proto.v1.CertificateServiceGrpc;
import io.agentpassport.proto.v1.Enrolment;
import io.agentpassport.proto.v1.IssueCertificateRequest;
import io.agentpassport.proto.v1.IssueCertificateResponse;
import io.agentpassport.proto.v1.IssuedCertificate;
import io.agentpassport.proto.v1.SignedStatement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** An admin issues a certificate: a proof signed anew by one of many keys, for another agent each time. */
public final class IssueLoad implements Load {

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);
    private static final int ISSUED_AT_ONCE = 64;
    private static final Enrolment ENROLMENT = Enrolment.newBuilder().setPrincipal("bench").build();

    private final Channels channels;
    private final String audience;
    private final InstantSource clock;
    private final NonceSource random;
    private final List<Signer> keys;
    private final AtomicLong next = new AtomicLong();

    /** Issues for these keys in turn. */
    public IssueLoad(Channels channels, String audience, List<Signer> keys, InstantSource clock, NonceSource random) {
        this.channels = channels;
        this.audience = audience;
        this.keys = keys;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public String name() {
        return "issue";
    }

    @Override
    public CompletableFuture<Void> run() {
        long number = next.getAndIncrement();
        Signer key = keys.get((int) (number % keys.size()));
        return issue(key, "agent:bench-" + number).thenAccept(issued -> {});
    }

    /** An agent for each key, each with a certificate of its own, issued now. */
    public List<HandshakeLoad.Agent> agents() {
        var agents = new ArrayList<HandshakeLoad.Agent>(keys.size());
        for (int from = 0; from < keys.size(); from += ISSUED_AT_ONCE) {
            List<Signer> some = keys.subList(from, Math.min(keys.size(), from + ISSUED_AT_ONCE));
            var issued = new ArrayList<CompletableFuture<IssueCertificateResponse>>();
            for (Signer key : some) {
                issued.add(issue(key, "agent:bench-holder-" + next.getAndIncrement()));
            }
            for (int i = 0; i < some.size(); i++) {
                IssuedCertificate one = issued.get(i).join().getCertificate();
                byte[] json = one.getCertificateJson().toByteArray();
                if (!(PARSER.parse(json) instanceof JsonParser.Parsed parsed)) {
                    throw new IllegalStateException("the service issued something that is not strict JSON");
                }
                agents.add(new HandshakeLoad.Agent(some.get(i), Certificate.received(parsed.object()),
                        one.getIdentity()));
            }
        }
        return agents;
    }

    /** Issues one certificate for that key and binding. */
    private CompletableFuture<IssueCertificateResponse> issue(Signer key, String binding) {
        var proof = new IssuanceProof(audience, Role.AGENT, binding, binding, key.publicKey(), List.of("1.0"), null,
                random.nonce(), (double) clock.millis());
        byte[] statement = Jcs.bytes(proof.statement());
        IssueCertificateRequest request = IssueCertificateRequest.newBuilder()
                .setProof(SignedStatement.newBuilder()
                        .setStatementJson(ByteString.copyFrom(statement))
                        .setSignature(ByteString.copyFrom(key.sign(statement).toByteArray())))
                .setEnrolment(ENROLMENT)
                .build();
        return Futures.call(channels.any(), CertificateServiceGrpc.getIssueCertificateMethod(), request);
    }
}
