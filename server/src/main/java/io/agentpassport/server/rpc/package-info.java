/** The gRPC surface: who calls, one service class for each service of the contract, errors, health. */
@NullMarked
package io.agentpassport.server.rpc;

import org.jspecify.annotations.NullMarked;
