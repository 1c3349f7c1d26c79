/** Inputs that a fuzzer makes, of everything that is read from strangers or from disk. */
@NullMarked
package io.agentpassport.server.fuzz;

import org.jspecify.annotations.NullMarked;
