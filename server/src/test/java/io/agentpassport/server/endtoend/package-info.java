/** The service and the client library as their users meet them: over TLS, on a real store, from the command line. */
@NullMarked
package io.agentpassport.server.endtoend;

import org.jspecify.annotations.NullMarked;
