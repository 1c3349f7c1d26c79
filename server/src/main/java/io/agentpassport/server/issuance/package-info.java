/**
 * Certificates: by what right one is issued, the keys that sign, the service's own, and listing and revoking them. They
 * live in the partition of the identity they name, together with the join token that was used up for them.
 */
@NullMarked
package io.agentpassport.server.issuance;

import org.jspecify.annotations.NullMarked;
