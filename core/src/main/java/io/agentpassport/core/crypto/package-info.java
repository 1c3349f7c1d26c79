/** Ed25519 by one strict rule, SHA-256, and the text forms of keys, signatures and nonces. */
@NullMarked
package io.agentpassport.core.crypto;

import org.jspecify.annotations.NullMarked;
