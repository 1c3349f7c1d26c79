package io.agentpassport.server.upstream;

/** Whether a tool can be called. */
public enum ToolState {
    /** Its definition is accepted: it can. */
    ACCEPTED,
    /** Its schema or annotations changed since it was accepted, or an operator took it out of use. */
    QUARANTINED,
    /** It was never accepted. */
    NEW,
    /** The upstream has it no more. */
    GONE
}
