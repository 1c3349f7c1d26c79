package io.agentpassport.core.certificate;

import static io.agentpassport.core.Parties.agentCertificate;
import static io.agentpassport.core.Parties.resigned;
import static io.agentpassport.core.Parties.signer;
import static io.agentpassport.core.Parties.unsigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentpassport.core.certificate.CertificateVerifier.Invalid;
import io.agentpassport.core.certificate.CertificateVerifier.Valid;
import io.agentpassport.core.certificate.CertificateVerifier.Verdict;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CertificateMemoTest {

    @Test
    void remembersWhatVerified() {
        var memo = new CertificateMemo(10);
        Verdict first = memo.verify(agentCertificate());

        assertThat(first).isInstanceOf(Valid.class);
        assertThat(memo.verify(agentCertificate())).isSameAs(first);
        assertThat(memo.size()).isEqualTo(1);
    }

    @Test
    void neverRemembersWhatDidNotVerify() {
        var memo = new CertificateMemo(10);
        JsonObject forged = resigned(agentCertificate().json(), "other");

        assertThat(memo.verify(Certificate.received(forged))).isEqualTo(Invalid.SIGNATURE_INVALID);
        assertThat(memo.verify(Certificate.received(JsonObject.EMPTY))).isEqualTo(Invalid.VERSION_EMPTY);
        assertThat(memo.size()).isZero();
    }

    @Test
    void aRememberedCertificateVouchesForNoOther() {
        var memo = new CertificateMemo(10);
        JsonObject json = agentCertificate().json();
        memo.verify(agentCertificate());

        for (String signature : List.of("", "AAAA", json.string("signature_b64") + "=")) {
            assertThat(memo.verify(Certificate.received(json.with("signature_b64", new JsonString(signature)))))
                    .isEqualTo(Invalid.SIGNATURE_INVALID);
        }
        for (int i = 0; i < json.size(); i++) {
            assertThat(memo.verify(Certificate.received(json.without(json.name(i))))).isNotInstanceOf(Valid.class);
            assertThat(memo.verify(Certificate.received(json.with(json.name(i), new JsonString("x")))))
                    .isNotInstanceOf(Valid.class);
        }
    }

    @Test
    void theOldestGoesFirst() {
        var memo = new CertificateMemo(2);
        var verdicts = new ArrayList<Verdict>();
        for (int i = 0; i < 3; i++) {
            verdicts.add(memo.verify(certificate(i)));
        }

        assertThat(memo.size()).isEqualTo(2);
        assertThat(memo.verify(certificate(2))).isSameAs(verdicts.get(2));
        assertThat(memo.verify(certificate(1))).isSameAs(verdicts.get(1));
        assertThat(memo.verify(certificate(0))).isNotSameAs(verdicts.get(0)).isInstanceOf(Valid.class);
    }

    @Test
    void staysBoundedAndRightUnderManyThreads() throws InterruptedException, ExecutionException {
        var memo = new CertificateMemo(8);
        List<Certificate> certificates = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            certificates.add(certificate(i));
        }
        Certificate forged = Certificate.received(resigned(certificates.get(0).json(), "other"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            var runs = new ArrayList<Future<Boolean>>();
            for (int thread = 0; thread < 8; thread++) {
                int offset = thread;
                runs.add(threads.submit(() -> {
                    boolean right = true;
                    for (int i = 0; i < 300; i++) {
                        Certificate asked = certificates.get((i * 7 + offset) % certificates.size());
                        right &= memo.verify(asked) instanceof Valid valid
                                && valid.certificate().certificate().equals(asked);
                        right &= memo.verify(forged) == Invalid.SIGNATURE_INVALID;
                    }
                    return right;
                }));
            }
            for (Future<Boolean> run : runs) {
                assertThat(run.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(memo.size()).isLessThanOrEqualTo(8);
    }

    @Test
    void holdsAtLeastOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CertificateMemo(0));
    }

    private static Certificate certificate(int number) {
        return unsigned(Role.AGENT, "agent-" + number).sign(signer("issuer"));
    }
}
