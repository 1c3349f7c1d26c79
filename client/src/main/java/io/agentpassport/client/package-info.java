/** What an agent, or a system that agents call, embeds: its identity, the handshake, and calls signed under a session. */
@NullMarked
package io.agentpassport.client;

import org.jspecify.annotations.NullMarked;
