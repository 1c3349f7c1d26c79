package io.agentpassport.server.partition;

import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.PartitionId;
import java.time.Instant;
import java.util.List;

/** Writers that each lack one protection. The simulation must find every one of them. */
enum BrokenWriters implements Simulation.Writers {

    /** Takes in rows that were read before somebody changed them. */
    TRUSTS_STALE_LOADS {
        @Override
        RowCache cache(Keyspaces keyspaces, int capacity) {
            return new RowCache(keyspaces, capacity) {
                @Override
                boolean isFresh(LoadedRow loaded) {
                    return true;
                }
            };
        }
    },

    /** Keeps what a command staged although it must run again or has failed. */
    KEEPS_WHAT_A_BOUNCED_COMMAND_STAGED {
        @Override
        Staging staging(RowCache cache, PartitionLimits limits) {
            return new Staging(cache, limits) {
                @Override
                void discard() {
                    keep();
                }
            };
        }
    },

    /** Takes an unknown outcome for a success. */
    ANSWERS_BEFORE_THE_OUTCOME_IS_KNOWN {
        @Override
        Writer writer(PartitionId id, PartitionContext context, PartitionLimits limits, List<CommitListener> listeners,
                RowCache cache, Staging staging) {
            return new Writer(id, context.store(), context.clock(), limits, listeners, cache, staging) {
                @Override
                Outcome unresolved(Guard guard, Head next) {
                    staging.committed(next.seq());
                    return Outcome.SETTLED;
                }
            };
        }
    },

    /** Evicts changes that are nowhere else yet. */
    EVICTS_WHAT_IS_NOT_DURABLE {
        @Override
        RowCache cache(Keyspaces keyspaces, int capacity) {
            return new RowCache(keyspaces, capacity) {
                @Override
                boolean isEvictable(Row row) {
                    return true;
                }
            };
        }
    },

    /** Keeps its memory after a commit that failed. */
    KEEPS_MEMORY_AFTER_A_FAILED_COMMIT {
        @Override
        RowCache cache(Keyspaces keyspaces, int capacity) {
            return new RowCache(keyspaces, capacity) {
                @Override
                void clear(long durableSeq) {
                    rows().forEach(row -> row.staged = false);
                }
            };
        }
    },

    /** Decides by the wall clock, wherever it goes. */
    FOLLOWS_THE_CLOCK_BACK {
        @Override
        Writer writer(PartitionId id, PartitionContext context, PartitionLimits limits, List<CommitListener> listeners,
                RowCache cache, Staging staging) {
            return new Writer(id, context.store(), context.clock(), limits, listeners, cache, staging) {
                @Override
                Instant later(Instant before, Instant wall) {
                    return wall;
                }
            };
        }
    },

    /** Forgets, when it drops its memory, that rows on their way to it are old. */
    FORGETS_WHAT_WAS_LOADED_BEFORE_A_FAILED_COMMIT {
        @Override
        RowCache cache(Keyspaces keyspaces, int capacity) {
            return new RowCache(keyspaces, capacity) {
                @Override
                void clear(long durableSeq) {
                    super.clear(0);
                }
            };
        }
    };

    RowCache cache(Keyspaces keyspaces, int capacity) {
        return new RowCache(keyspaces, capacity);
    }

    Staging staging(RowCache cache, PartitionLimits limits) {
        return new Staging(cache, limits);
    }

    Writer writer(PartitionId id, PartitionContext context, PartitionLimits limits, List<CommitListener> listeners,
            RowCache cache, Staging staging) {
        return new Writer(id, context.store(), context.clock(), limits, listeners, cache, staging);
    }

    @Override
    public Writer make(PartitionId id, PartitionContext context, PartitionLimits limits,
            List<CommitListener> listeners) {
        RowCache cache = cache(context.keyspaces(), limits.residentRows());
        return writer(id, context, limits, listeners, cache, staging(cache, limits));
    }
}
