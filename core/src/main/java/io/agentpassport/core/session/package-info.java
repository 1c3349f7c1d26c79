/** The session record that both sides derive from the two attests, byte for byte alike. */
@NullMarked
package io.agentpassport.core.session;

import org.jspecify.annotations.NullMarked;
