package io.agentpassport.core.json;

/**
 * What a parser lets in.
 *
 * @param maxBytes the length of the text in bytes of UTF-8
 * @param maxDepth how deep arrays and objects nest; the outermost counts 1
 * @param maxTokens how many brackets and braces (opening and closing), member names and scalar values there are
 * @param objectOnTop whether the document must be an object
 * @param keepsUnwritable whether lone surrogates and numbers beyond binary64 stay in the tree, for readers of test
 *        vectors, which hold such values on purpose; everybody else refuses them
 */
public record JsonLimits(int maxBytes, int maxDepth, int maxTokens, boolean objectOnTop, boolean keepsUnwritable) {

    /** A certificate, hello, attest, statement, anchor or policy: 64 KiB, 32 deep, 20,000 tokens. */
    public static final JsonLimits SIGNED_DOCUMENT = new JsonLimits(64 * 1024, 32, 20_000, true, false);

    /** A trust bundle: as a signed document, but 768 KiB. */
    public static final JsonLimits TRUST_BUNDLE = new JsonLimits(768 * 1024, 32, 20_000, true, false);

    /** The arguments of a tool call: as a signed document, but 256 KiB. */
    public static final JsonLimits TOOL_ARGUMENTS = new JsonLimits(256 * 1024, 32, 20_000, true, false);

    /** An entry of the log: 64 KiB, and since it holds what was signed, 40 deep. */
    public static final JsonLimits LOG_ENTRY = new JsonLimits(64 * 1024, 40, 20_000, true, false);

    /** Canonicalisation suites: anything on top, 1,000 deep, 16 MiB. */
    public static final JsonLimits SUITE = new JsonLimits(16 * 1024 * 1024, 1_000, 5_000_000, false, false);

    /** Files of vectors: as {@link #SUITE}, and what cannot be written stays in the tree. */
    public static final JsonLimits VECTOR_FILE = new JsonLimits(64 * 1024 * 1024, 1_000, 20_000_000, false, true);

    /** All limits are positive; nesting stays within what recursion bears. */
    public JsonLimits {
        if (maxBytes < 1 || maxTokens < 1 || maxDepth < 1 || maxDepth > 1_000) {
            throw new IllegalArgumentException("limits out of range");
        }
    }
}
