/** What is counted and timed of the running service, for whoever watches it; no label is ever anything that a caller sent. */
@NullMarked
package io.agentpassport.server.metrics;

import org.jspecify.annotations.NullMarked;
