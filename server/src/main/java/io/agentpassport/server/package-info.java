/** The service as a whole: where its parts are put together, started and stopped. */
@NullMarked
package io.agentpassport.server;

import org.jspecify.annotations.NullMarked;
