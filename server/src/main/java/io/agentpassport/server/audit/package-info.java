/**
 * The log: one Merkle tree for each partition, appended to in the commit of what it tells of; its checkpoints, proofs and
 * receipts.
 */
@NullMarked
package io.agentpassport.server.audit;

import org.jspecify.annotations.NullMarked;
