/** Durations as people write them, the same in configuration, policies, commands and messages. */
@NullMarked
package io.agentpassport.core.time;

import org.jspecify.annotations.NullMarked;
