package io.agentpassport.core.json;

/** UTF-16 halves that stand alone: such text has no UTF-8 form, and therefore no canonical one. */
final class Surrogates {

    private Surrogates() {}

    static boolean hasLone(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                continue;
            }
            boolean paired = Character.isHighSurrogate(c) && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!paired) {
                return true;
            }
            i++;
        }
        return false;
    }
}
