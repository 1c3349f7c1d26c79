/** Counters over windows of time: how much a caller may use, counted for many limits at once or for none. */
@NullMarked
package io.agentpassport.server.gateway.limit;

import org.jspecify.annotations.NullMarked;
