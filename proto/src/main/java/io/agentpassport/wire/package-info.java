/**
 * The one mapping between messages and values: requests are decoded, and checked against every limit, into values of
 * core; answers and errors are encoded from them. Nothing behind this package sees a generated type.
 */
@NullMarked
package io.agentpassport.wire;

import org.jspecify.annotations.NullMarked;
