/** The commands of {@code passport}. */
@NullMarked
package io.agentpassport.server.cli;

import org.jspecify.annotations.NullMarked;
