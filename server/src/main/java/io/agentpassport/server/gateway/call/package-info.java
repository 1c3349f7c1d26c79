/** A tool call from its plan over its decision and execution to its settlement. */
@NullMarked
package io.agentpassport.server.gateway.call;

import org.jspecify.annotations.NullMarked;
