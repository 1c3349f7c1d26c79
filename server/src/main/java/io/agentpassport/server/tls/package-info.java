/** The transport's certificates (X.509, ECDSA P-256): our own CA, the server's, the admins', and the TLS they make. */
@NullMarked
package io.agentpassport.server.tls;

import org.jspecify.annotations.NullMarked;
