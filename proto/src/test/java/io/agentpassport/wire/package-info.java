/** Tests of the mapping: every limit at its edge, every list the same on both sides, every document unharmed. */
@NullMarked
package io.agentpassport.wire;

import org.jspecify.annotations.NullMarked;
