/** People who are asked before a call may run, and what they answered. */
@NullMarked
package io.agentpassport.server.gateway.approval;

import org.jspecify.annotations.NullMarked;
