/** Certificates: who an agent or an information system is, said and signed by an issuer. */
@NullMarked
package io.agentpassport.core.certificate;

import org.jspecify.annotations.NullMarked;
