package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;

/** A row that a command missed. */
record Wanted(Keyspace<?, ?> keyspace, Object key) {}
