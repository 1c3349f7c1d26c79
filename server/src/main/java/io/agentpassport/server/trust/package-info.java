/**
 * Whom the service believes: publishers, their bundles, its own anchors and what was revoked, as rows of the service
 * partition and as one immutable snapshot that is swapped after each commit and before anyone is answered.
 */
@NullMarked
package io.agentpassport.server.trust;

import org.jspecify.annotations.NullMarked;
