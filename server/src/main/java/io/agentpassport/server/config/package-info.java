/** What an operator decides: the configuration file, where the files of a data folder are, and which settings are relaxed. */
@NullMarked
package io.agentpassport.server.config;

import org.jspecify.annotations.NullMarked;
