package io.agentpassport.core.json;

/**
 * Why a document was not taken, or could not be put into canonical form. It is an answer, not an exception: on an rpc
 * it becomes {@code INVALID_ARGUMENT}, and it is never one of the mutual-auth failure reasons.
 *
 * @param error the kind, a stable word such as {@code invalid_unicode}, {@code invalid_number}, {@code invalid_json}
 * @param reason which rule of that kind, such as {@code lone_surrogate}
 * @param path where, such as {@code $.a[0].b[1]}: the first place in canonical order; {@code $} for the whole document
 */
public record Rejected(String error, String reason, String path) implements JsonParser.Outcome, Jcs.Outcome {

    /** The whole document is at fault. */
    public static Rejected document(String error, String reason) {
        return new Rejected(error, reason, "$");
    }

    @Override
    public String toString() {
        return error + " (" + reason + ") at " + path;
    }
}
