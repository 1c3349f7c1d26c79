package io.agentpassport.core.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.random.RandomGenerator;

/** Random JSON values: nested, with names and strings of every plane and numbers of every magnitude. */
final class RandomTrees {

    private static final String AWKWARD = "\"\\/\b\f\n\r\t\u0000\u001f\u007f\u0080\u00e9\u2028\ufb33\ufffd\uffff{}[]:,";

    private final RandomGenerator random;

    RandomTrees(RandomGenerator random) {
        this.random = random;
    }

    JsonObject object(int depth) {
        JsonObject.Builder members = JsonObject.builder();
        var names = new HashSet<String>();
        int size = random.nextInt(random.nextInt(20) == 0 ? 60 : 6);
        for (int i = 0; i < size; i++) {
            String name = text();
            if (names.add(name)) {
                members.put(name, value(depth - 1));
            }
        }
        return members.build();
    }

    JsonValue value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> JsonNull.NULL;
            case 1 -> JsonBoolean.of(random.nextBoolean());
            case 2, 3 -> new JsonNumber(number());
            case 4, 5 -> new JsonString(text());
            case 6 -> object(depth);
            default -> array(depth);
        };
    }

    private JsonArray array(int depth) {
        var values = new ArrayList<JsonValue>();
        for (int i = random.nextInt(5); i > 0; i--) {
            values.add(value(depth - 1));
        }
        return new JsonArray(values);
    }

    /** Any finite double: of random bits, an integer, or a decimal as people write them. */
    double number() {
        double value = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(-1_000, 1_000);
            case 1 -> random.nextLong();
            case 2 -> random.nextInt() / 1_000.0;
            default -> Double.longBitsToDouble(random.nextLong());
        };
        return Double.isFinite(value) ? value : 0;
    }

    String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(AWKWARD.charAt(random.nextInt(AWKWARD.length())));
                case 1 -> text.appendCodePoint(codePoint());
                default -> text.append((char) random.nextInt('a', 'z' + 1));
            }
        }
        return text.toString();
    }

    private int codePoint() {
        int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE ? 'x' : codePoint;
    }
}
