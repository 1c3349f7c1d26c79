/**
 * The unit of order: requests become commands, one writer thread decides them in memory, and one synced commit makes a
 * whole group of them durable before any is answered.
 *
 * <pre>
 * submit(command)                   any thread     prefetch: rows that are not in memory are read from the store
 *   └── Inbox                       lock-free      bounded by PartitionLimits.queue
 *        └── Writer.run             ONE thread     decide each in order; a row that is missing bounces its command
 *             ├── Loaders           few threads    load what was missing, and queue the command again
 *             └── PartitionStore.commit            all effects of the group, one batch, one sync
 *                  └── CommitListener              features publish new snapshots
 *                       └── answers executor       futures complete, one hand-off for the group
 * </pre>
 *
 * Deciding costs O(1) per row read or written and takes no lock; a group costs one sync whatever its size.
 */
@NullMarked
package io.agentpassport.server.partition;

import org.jspecify.annotations.NullMarked;
