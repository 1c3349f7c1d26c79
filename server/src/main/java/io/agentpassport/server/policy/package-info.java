/**
 * Policy documents: three dialects read into one model, checked, judged, explained, compared, and kept as immutable
 * versions.
 */
@NullMarked
package io.agentpassport.server.policy;

import org.jspecify.annotations.NullMarked;
