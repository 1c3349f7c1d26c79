package io.agentpassport.server.store;

/** What became of a commit whose outcome was not known; once it is anything but {@link Unknown} it never changes. */
public sealed interface Resolution {

    /** All of it is durable. */
    record Committed() implements Resolution {}

    /** None of it is there, and none of it will be. */
    record NotCommitted() implements Resolution {}

    /** Somebody else has the partition now; whether the commit was there before them cannot be told any more. */
    record Fenced() implements Resolution {}

    /** It cannot be told yet: ask again. */
    record Unknown(String why) implements Resolution {}
}
