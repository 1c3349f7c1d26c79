/** Reads the suites of conformance vectors, puts each vector to a subject, and reports where the answers differ. */
@NullMarked
package io.agentpassport.vectors;

import org.jspecify.annotations.NullMarked;
