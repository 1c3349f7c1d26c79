/** The tools of the service itself: without effects, bounded in what they take and give. */
@NullMarked
package io.agentpassport.server.upstream.builtin;

import org.jspecify.annotations.NullMarked;
