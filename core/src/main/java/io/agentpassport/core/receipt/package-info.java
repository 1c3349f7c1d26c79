/**
 * Evidence: the Merkle tree of the log (RFC 6962), its proofs and signed checkpoints, and receipts that anybody can verify
 * with the log key alone.
 */
@NullMarked
package io.agentpassport.core.receipt;

import org.jspecify.annotations.NullMarked;
