package io.agentpassport.server.clock;

/** Whether the wall clock is to be believed. */
public enum ClockState {
    /** It is. */
    TRUSTED,
    /** It is far behind what was decided by already: it was set back, or was wrong before. */
    BEHIND,
    /** It went on by much more than the time that has passed: it was set forward. */
    AHEAD
}
