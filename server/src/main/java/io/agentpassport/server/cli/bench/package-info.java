/**
 * The load generator behind {@code passport bench}. It speaks the contract's messages itself, not through the client
 * library: on a machine that it shares with the server, what it costs itself must be as little as can be.
 */
@NullMarked
package io.agentpassport.server.cli.bench;

import org.jspecify.annotations.NullMarked;
