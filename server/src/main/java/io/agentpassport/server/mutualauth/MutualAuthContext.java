package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.partition.Rates;
import io.agentpassport.server.trust.TrustSnapshot;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What mutual authentication stands on, handed in by the composition root.
 *
 * @param partitions
 *            where identities live; their keyspaces hold {@link MutualAuthRows#ALL}
 * @param trust
 *            whom the service believes at the moment
 * @param identity
 *            who the service is at the moment
 * @param policy
 *            what it asks of agents
 * @param certificates
 *            who checks certificates, best one that remembers
 * @param nonces
 *            where challenges come from
 * @param loaders
 *            reads sessions that are not in memory
 * @param startedAt
 *            when the service started: proofs issued before are stale, since what was used then is forgotten
 * @param attests
 *            how often one identity may begin a session; counted once its attest holds, never by who claims to be it
 */
public record MutualAuthContext(Partitions partitions, Supplier<TrustSnapshot> trust, Supplier<OwnIdentity> identity,
        MutualAuthPolicy policy, CertificateVerifier certificates, NonceSource nonces, Executor loaders,
        Instant startedAt, Rates<Identity> attests) {}
