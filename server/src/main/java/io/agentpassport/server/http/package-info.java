/** What the service answers over plain HTTP: health and figures, for those who run it. */
@NullMarked
package io.agentpassport.server.http;

import org.jspecify.annotations.NullMarked;
