/**
 * Where rows live: typed keyspaces over a partitioned, ordered store; the only package that knows the engine (RocksDB).
 *
 * <pre>
 * data folder                            one RocksDB database, one column family
 * └── PARTITION (2 bytes, big-endian)    0000 is "service", identity partitions from 0001
 *     └── KEYSPACE (1 byte)              00 is the store's own, 01..ff are features' (ids are never reused)
 *         ├── 00 "format"                store format version; in partition 0000 only
 *         ├── 00 "head"                  {epoch, seq, clock, digest}: the newest commit of the partition
 *         ├── 00 "lease"                 {epoch, owner}: who may commit; the epoch only grows
 *         └── 01..ff KEY                 EXPIRY (8 bytes, epoch milliseconds, 0 = never) | VALUE
 * </pre>
 *
 * The names and ids of the features' keyspaces stand in one place, the {@link Keyspaces} of the composition root.
 */
@NullMarked
package io.agentpassport.server.store;

import org.jspecify.annotations.NullMarked;
