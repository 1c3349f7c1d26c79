package io.agentpassport.core.json;

/**
 * The canonical form of a JSON value (RFC 8785, JCS): one value, one sequence of bytes, in every language.
 *
 * <p>
 * {@link #canonicalize} is for reading: it rebuilds what somebody signed. {@link #canonicalizeForSigning} is for
 * writing, and also refuses integers beyond ±(2^53 - 1), which implementations read differently.
 */
public final class Jcs {

    private Jcs() {}

    /** What canonicalising answers: {@link Canonical} or {@link Rejected}. */
    public sealed interface Outcome permits Canonical, Rejected {}

    /** The canonical bytes, UTF-8. */
    public static final class Canonical implements Outcome {
        private final byte[] bytes;

        private Canonical(byte[] bytes) {
            this.bytes = bytes;
        }

        /** The bytes themselves; whoever asks may keep them. */
        public byte[] bytes() {
            return bytes;
        }
    }

    /** The canonical bytes of what was received: refuses lone surrogates and numbers that are not finite. */
    public static Outcome canonicalize(JsonValue value) {
        return write(value, false);
    }

    /** The canonical bytes of what is about to be signed: refuses unsafe integers as well. */
    public static Outcome canonicalizeForSigning(JsonValue value) {
        return write(value, true);
    }

    /** The canonical bytes of a value that passed the gate, or that was made from such values. */
    public static byte[] bytes(JsonValue gated) {
        Outcome outcome = write(gated, false);
        if (outcome instanceof Canonical canonical) {
            return canonical.bytes();
        }
        throw new IllegalArgumentException("not a value that passed the gate: " + outcome);
    }

    /**
     * The same, kept with the object: whatever it becomes a part of is written with them. For what is written more than once
     * in a short life.
     *
     * @return not to be changed
     */
    public static byte[] keptBytes(JsonObject gated) {
        byte[] kept = gated.canonical();
        if (kept == null) {
            kept = bytes(gated);
            gated.keep(kept);
        }
        return kept;
    }

    private static Outcome write(JsonValue value, boolean forSigning) {
        var writer = new JcsWriter(forSigning);
        if (writer.write(value)) {
            return new Canonical(writer.toByteArray());
        }
        return Unwritable.first(value, forSigning);
    }
}
