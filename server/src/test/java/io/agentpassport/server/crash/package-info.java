/**
 * Kills the service again and again, and holds what clients saw against what it promises.
 *
 * <p>
 * A {@link io.agentpassport.server.crash.CrashRun} plays rounds: a {@link io.agentpassport.server.crash.Load} asks and
 * writes a {@link io.agentpassport.server.crash.History}, the service is killed or ends itself at a
 * {@link io.agentpassport.server.crash.CrashPoint}, starts again on the same folder, is asked again, and every
 * {@link io.agentpassport.server.crash.Finding} of a check is a fault. {@link io.agentpassport.server.crash.Protection}
 * takes one guard of the service away, so that each check is seen failing.
 */
@NullMarked
package io.agentpassport.server.crash;

import org.jspecify.annotations.NullMarked;
