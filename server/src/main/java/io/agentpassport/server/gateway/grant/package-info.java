/** Who may call what: grants, what they cover, the chains they stand in, and their revocation. */
@NullMarked
package io.agentpassport.server.gateway.grant;

import org.jspecify.annotations.NullMarked;
