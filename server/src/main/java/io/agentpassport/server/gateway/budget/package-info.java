/**
 * Money: budget sessions, the tree they stand in, and the ledger that says where every amount went.
 *
 * <p>
 * A session is an account: {@code used + reserved <= total}, always. A child is carved out of its parent: what it was given
 * is reserved in the parent until the child is over, and then consumed or released there as it was used in the child or
 * not. So the money of a tree is the money of its root, however it is divided.
 *
 * <p>
 * A tree lives in one partition, and what moves between parent and child moves in one command
 * ({@link io.agentpassport.server.gateway.budget.BudgetBook#settleUp}, and carving). That one seam is where a transfer
 * row would stand if the two were ever in different partitions.
 */
@NullMarked
package io.agentpassport.server.gateway.budget;

import org.jspecify.annotations.NullMarked;
