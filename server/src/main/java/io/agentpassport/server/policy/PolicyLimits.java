package io.agentpassport.server.policy;

/** The bounds of a document, so that neither reading nor judging by it can take long. */
public final class PolicyLimits {

    /** Problems that are told of one document. */
    public static final int PROBLEMS = 100;
    /** How deep a document nests. */
    public static final int DEPTH = 32;
    /** Brackets, names and values of a document. */
    public static final int TOKENS = 50_000;
    /** Tools that a document names. */
    public static final int TOOLS = 2_000;
    /** Tools that a document hides. */
    public static final int HIDDEN = 1_000;
    /** Rules of one kind in one entry. */
    public static final int RULES = 64;
    /** Conditions of one rule. */
    public static final int CONDITIONS = 64;
    /** How deep not, any, all and any_of nest. */
    public static final int CONDITION_DEPTH = 6;
    /** Values of one in, not_in, cidr or host_in. */
    public static final int VALUES = 1_000;
    /** Limits of one entry. */
    public static final int LIMITS = 16;
    /** Characters of a text for people. */
    public static final int MESSAGE_CHARACTERS = 500;
    /** Characters of the reason that an approval is asked for with, which those who decide are shown. */
    public static final int REASON_CHARACTERS = 256;
    /** Characters of a name. */
    public static final int NAME_CHARACTERS = 128;
    /** Tests of one document. */
    public static final int TESTS = 200;
    /** Places and patterns that one response redacts. */
    public static final int REDACTIONS = 64;
    /** The longest time a tool may be given, in seconds. */
    public static final long TIMEOUT_SECONDS = 3_600;
    /** The longest an approval waits, in seconds. */
    public static final long APPROVAL_SECONDS = 86_400;
    /** The largest result that a policy can let through, in bytes. */
    public static final int RESPONSE_BYTES = 16 * 1024 * 1024;

    private PolicyLimits() {}
}
