/**
 * A client of the Model Context Protocol that distrusts its servers: it takes what it asked for, within bounds that hold
 * while it is read, and does nothing that a server asks of it.
 */
@NullMarked
package io.agentpassport.server.upstream.mcp;

import org.jspecify.annotations.NullMarked;
