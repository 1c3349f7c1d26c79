package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever a document has become, it is a policy or it is refused with a reason; and a policy answers every call. */
class MangledPoliciesTest {

    private static final int RUNS = 3_000;
    private static final List<String> PIECES = List.of("{", "}", "[", "]", ":", ",", "\"", "'", "\n", "  ", "- ", "*",
            "&a ", "~", "null", "-1", "1e400", "9007199254740993", "true", "state.", "args", "/", "~2", "\\u0000", "é",
            "\uD83D",
            "regex", "(", "{1000}", "any_of", "inflight", "sliding", "$ref", "#", "?", "|", ">", "%", "!", "@", "\t",
            "\u0085");

    private static List<String> documents() throws IOException {
        List<String> documents = new ArrayList<>(List.of(Policy.resource("session-rate.json"),
                Policy.resource("short-form.json"), Policy.resource("charges.yaml")));
        String page = Files.readString(Path.of("..", "docs", "policy.md"));
        for (Matcher example = Pattern.compile("```(json|yaml)\n(.*?)```", Pattern.DOTALL).matcher(page); example
                .find();) {
            documents.add(example.group(2));
        }
        return documents;
    }

    private static String mangled(String document, Random random) {
        var text = new StringBuilder(document);
        for (int changes = 1 + random.nextInt(3); changes > 0 && !text.isEmpty(); changes--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.insert(at, text.substring(at, end));
                default -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
            }
        }
        return text.toString();
    }

    @Test
    void everyMangledDocumentIsReadOrRefused() throws IOException {
        List<String> documents = documents();
        long seed = 20_260_304L;
        var random = new Random(seed);
        int read = 0;
        for (int run = 0; run < RUNS; run++) {
            String text = mangled(documents.get(random.nextInt(documents.size())), random);
            try {
                switch (PolicyParser.parse(text)) {
                    case PolicyParser.Parsed parsed -> {
                        read++;
                        for (String tool : List.of("create_charge", "transfer", "fetch", "t")) {
                            CallFacts call = Policy.call(tool, "{\"amount\":5,\"currency\":\"usd\",\"url\":\"x\"}");
                            Verdict verdict = Verdict.of(parsed.document(), call, Policy.UNUSED);
                            assertThat(Explanation.of(parsed.document(), call, Policy.UNUSED).verdict())
                                    .isEqualTo(verdict);
                        }
                    }
                    case PolicyParser.Invalid invalid -> assertThat(invalid.problems()).isNotEmpty();
                }
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", run " + run + ": " + text, e);
            }
        }
        assertThat(read).as("some survive").isPositive();
    }
}
