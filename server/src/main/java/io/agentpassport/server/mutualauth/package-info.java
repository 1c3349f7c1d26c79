/**
 * Authenticates agents and this service to each other, and keeps the sessions that come of it.
 *
 * <pre>
 * MutualAuth                   the one object that the composition root makes; a CommitListener
 *  ├── Handshakes              hello: a challenge; attest: take it, AttestDecision, then OpenSession in the partition
 *  │    └── OpenChallenges     in memory, single-use, 60 s
 *  ├── Sessions                get, list, end
 *  │    ├── LiveSessions       resolved sessions, a cache over the rows that commits keep up to date
 *  │    └── SessionActivity    the last accepted call of each session, in memory
 *  └── RpcProofs               checks the proof that a call carries; remembers its nonce for 120 s
 * </pre>
 */
@NullMarked
package io.agentpassport.server.mutualauth;

import org.jspecify.annotations.NullMarked;
