/**
 * Where allowed calls go: tools of the service itself, and servers of the Model Context Protocol over HTTP or as processes.
 * What a tool is, is pinned: a definition is shown and called only once it was accepted.
 */
@NullMarked
package io.agentpassport.server.upstream;

import org.jspecify.annotations.NullMarked;
