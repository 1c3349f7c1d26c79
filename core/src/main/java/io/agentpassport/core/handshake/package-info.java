/** The mutual-auth handshake: hello, attest, version negotiation, and the ordered checks of an attest. */
@NullMarked
package io.agentpassport.core.handshake;

import org.jspecify.annotations.NullMarked;
