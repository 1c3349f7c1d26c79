/** What is signed and how: documents that carry their signature inside, and statements whose signature travels beside them. */
@NullMarked
package io.agentpassport.core.signing;

import org.jspecify.annotations.NullMarked;
