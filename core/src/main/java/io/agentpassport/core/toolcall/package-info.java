/** The signed request for a tool call, its digest, and the exact decimals that limits and budgets count in. */
@NullMarked
package io.agentpassport.core.toolcall;

import org.jspecify.annotations.NullMarked;
