package io.agentpassport.server.issuance;

/** What texts in certificates may be. */
final class Text {

    private Text() {}

    /** Whether it has 1 to so many characters, none of them a control character: it is shown to people and logged. */
    static boolean isText(String text, int most) {
        return !text.isEmpty() && text.length() <= most && text.chars().noneMatch(Character::isISOControl);
    }
}
