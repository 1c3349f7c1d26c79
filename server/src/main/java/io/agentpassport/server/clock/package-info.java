/** The time that the service goes by, and whether it is to be believed. */
@NullMarked
package io.agentpassport.server.clock;

import org.jspecify.annotations.NullMarked;
