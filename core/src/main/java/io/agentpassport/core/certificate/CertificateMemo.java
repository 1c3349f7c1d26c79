package io.agentpassport.core.certificate;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.Jcs;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Remembers certificates that verified, so that an agent that comes back costs one signature check instead of two. It
 * is keyed by the digest of the whole document, signature included; what did not verify is never remembered. Bounded:
 * the oldest goes first. Safe for any number of threads.
 */
public final class CertificateMemo implements CertificateVerifier {

    private final int capacity;
    private final ConcurrentHashMap<ByteBuffer, Valid> known = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<ByteBuffer> oldestFirst = new ConcurrentLinkedQueue<>();

    /** A memo of at most so many certificates, about 3 KB each. */
    public CertificateMemo(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a memo holds at least one certificate");
        }
        this.capacity = capacity;
    }

    @Override
    public Verdict verify(Certificate certificate) {
        ByteBuffer key = ByteBuffer.wrap(Digest.sha256(Jcs.bytes(certificate.json())));
        Valid remembered = known.get(key);
        if (remembered != null) {
            certificate.rememberId(remembered.certificate().id());
            return remembered;
        }
        Verdict verdict = DIRECT.verify(certificate);
        if (verdict instanceof Valid valid && known.putIfAbsent(key, valid) == null) {
            oldestFirst.add(key);
            forgetBeyondCapacity();
        }
        return verdict;
    }

    /** How many it remembers now. */
    public int size() {
        return known.size();
    }

    private void forgetBeyondCapacity() {
        while (known.size() > capacity) {
            ByteBuffer oldest = oldestFirst.poll();
            if (oldest == null) {
                return;
            }
            known.remove(oldest);
        }
    }
}
