package io.agentpassport.server.upstream;

/** What becomes of a definition that nobody has accepted yet. */
enum FirstSight {
    /** It waits for an operator. */
    WAITS,
    /** It is accepted when it is seen first; what it becomes later is not. For development. */
    ACCEPTED,
    /** It is accepted whatever it becomes: it comes with the service. */
    TRUSTED
}
