/** The protocol as values and pure functions: no I/O, no clock, no randomness, no gRPC. */
@NullMarked
package io.agentpassport.core;

import org.jspecify.annotations.NullMarked;
