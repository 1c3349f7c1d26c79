package io.agentpassport.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectedTextTest {

    private static final JsonParser PARSER = JsonParser.with(new JsonLimits(100, 3, 12, true, false));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `{"a":\\n1,}`              | is not JSON: see line 2, column 3
            `{"a":`                    | is not JSON: it ends in the middle
            `{'a':1}`                  | is not JSON: see line 1, column 2
            ` `                        | is empty
            `{"a":1,"a":2}`            | names a member twice in the same object
            `{"a":1}{}`                | goes on after its JSON is complete
            `[1]`                      | is JSON, but no object: {...} was expected
            `{"a":[[[1]]]}`            | nests objects and arrays more than 3 deep
            `{"a":[1,2,3,4,5,6,7,8,9]}`| holds too much: more than 12 names, values and brackets
            `{"a":[1e999]}`            | holds a number that is too large at $.a[0]
            `{"a":"\\ud800"}`          | holds half of a character (a lone \\ud800 to \\udfff) at $.a
            `{"a":"\\u12"}`            | is not JSON: see line 1, column 11
            """)
    void whatIsWrongIsSaidToPeople(String json, String words) {
        assertThat(explained(json.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8))).isEqualTo(words);
    }

    @Test
    void whatIsNoTextOrTooLongIsSaidTo() {
        assertThat(explained(new byte[]{'{', '"', (byte) 0xFF, '"', ':', '1', '}'})).isEqualTo("is not UTF-8 text");
        assertThat(explained("\uFEFF{}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("begins with a byte order mark; save it as UTF-8 without one");
        assertThat(explained(" ".repeat(101).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("is too large: 101 bytes, and at most 100 are taken");
    }

    private static String explained(byte[] json) {
        return PARSER.explain(json, (Rejected) PARSER.parse(json));
    }
}
