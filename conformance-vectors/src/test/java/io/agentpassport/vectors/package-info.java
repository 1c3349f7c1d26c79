/** The suites put to core, the lint of our own vectors, and proof that the runner sees every kind of fault. */
@NullMarked
package io.agentpassport.vectors;

import org.jspecify.annotations.NullMarked;
