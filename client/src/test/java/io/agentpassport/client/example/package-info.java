/** The examples of the README, compiled. */
@NullMarked
package io.agentpassport.client.example;

import org.jspecify.annotations.NullMarked;
