package io.agentpassport.vectors;

import io.agentpassport.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * One question and the answer it must get.
 *
 * @param id unique within its suite
 * @param primitive what is asked, such as {@code verifyAttest}
 * @param tags rules for judging the answer ({@code upstream-weak}, {@code upstream-lenient},
 *        {@code unverified-derivation}), and notes ({@code fault:NAME}, {@code pair:NAME}, {@code boundary},
 *        {@code order}, {@code stricter-than-reference})
 * @param input the question's members; documents in it may hold what no gate lets in
 * @param expected the answer's members
 */
public record TestVector(String id, String primitive, Set<String> tags, JsonObject input, JsonObject expected) {

    /** Tags that say something to readers and to the lint, and leave the judging as it is. */
    private static final Set<String> NOTES = Set.of("boundary", "order", "stricter-than-reference");

    /** Copies the tags. */
    public TestVector {
        tags = Set.copyOf(tags);
    }

    /** A vector without tags. */
    static TestVector of(String id, String primitive, JsonObject input, JsonObject expected) {
        return new TestVector(id, primitive, Set.of(), input, expected);
    }

    /** The vector that a member of a file's {@code vectors} is. */
    static TestVector fromJson(JsonObject json) {
        String id = json.string("id");
        if (id == null) {
            throw new MalformedVectorException("a vector without id");
        }
        Set<String> known = Set.of("id", "category", "primitive", "note", "tags", "input", "expected");
        for (int i = 0; i < json.size(); i++) {
            if (!known.contains(json.name(i))) {
                throw new MalformedVectorException(id + ": unknown member " + json.name(i));
            }
        }
        String primitive = json.string("primitive");
        List<String> tags = json.isUnset("tags") ? List.of() : json.strings("tags");
        JsonObject input = json.object("input");
        JsonObject expected = json.object("expected");
        if (primitive == null || tags == null || input == null || expected == null) {
            throw new MalformedVectorException(id + ": primitive, input or expected is missing, or of the wrong type");
        }
        for (String tag : tags) {
            if (!isKnownTag(tag)) {
                throw new MalformedVectorException(id + ": unknown tag " + tag);
            }
        }
        return new TestVector(id, primitive, Set.copyOf(tags), input, expected);
    }

    private static boolean isKnownTag(String tag) {
        return Judgement.TAGS.contains(tag) || NOTES.contains(tag) || tag.startsWith("fault:")
                || tag.startsWith("pair:");
    }
}
