/** JSON as values: the strict gate that untrusted bytes pass once, and the canonical form (RFC 8785) that is signed. */
@NullMarked
package io.agentpassport.core.json;

import org.jspecify.annotations.NullMarked;
