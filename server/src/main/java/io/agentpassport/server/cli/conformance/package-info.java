/** What the gateway answers to vectors, in this process: judging by policies, and counting. */
@NullMarked
package io.agentpassport.server.cli.conformance;

import org.jspecify.annotations.NullMarked;
