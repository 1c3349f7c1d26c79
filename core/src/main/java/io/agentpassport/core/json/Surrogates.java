package io.agentpassport.core.json;

/** UTF-16 halves that stand alone: such text has no UTF-8 form, and therefore no canonical one. */
final class Surrogates {

    private Surrogates() {}

    static boolean hasLone(String text) {
        int i = 0;
        while (i < text.length()) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return true;
            }
            i += Character.charCount(codePoint);
        }
        return false;
    }
}
