package io.agentpassport.server.issuance;

import java.text.Normalizer;
import java.text.Normalizer.Form;

/** What texts in certificates may be. */
final class Text {

    private Text() {}

    /**
     * Whether it has 1 to so many characters, all of which show: it is read by people and logged, and what looks like
     * another's name must not be one. So no control characters, none that are invisible or turn the direction of writing,
     * and no space at either end.
     */
    static boolean isText(String text, int most) {
        return !text.isEmpty() && text.length() <= most && text.equals(text.strip())
                && text.codePoints().allMatch(Text::shows);
    }

    /** Whether people would take it for that name: the same letters, in whatever case and width. */
    static boolean readsAs(String text, String name) {
        return Normalizer.normalize(text, Form.NFKC).equalsIgnoreCase(Normalizer.normalize(name, Form.NFKC));
    }

    private static boolean shows(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED ->
                false;
            default -> true;
        };
    }
}
