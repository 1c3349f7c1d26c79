/** Whom we believe: trust anchors, the bundles that publish them, and the check of a certificate against them. */
@NullMarked
package io.agentpassport.core.trust;

import org.jspecify.annotations.NullMarked;
