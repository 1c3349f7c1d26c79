/** Tests of the time that decisions go by. */
@NullMarked
package io.agentpassport.server.clock;

import org.jspecify.annotations.NullMarked;
