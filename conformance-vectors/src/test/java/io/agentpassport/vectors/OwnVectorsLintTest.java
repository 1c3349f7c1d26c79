package io.agentpassport.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What our own vectors promise beside their answers: one fault each, whole boundary pairs, every reason. */
class OwnVectorsLintTest {

    private final Map<Path, List<TestVector>> files = ownFiles();

    @Test
    void idsAreUniqueAcrossAllSuites() {
        List<String> ids = all().map(TestVector::id).toList();

        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(500);
    }

    @Test
    void aVectorNamesAFaultExactlyWhenSomethingIsRefused() {
        assertThat(all().filter(vector -> refuses(vector) == named(vector, "fault:").isEmpty())).isEmpty();
    }

    @Test
    void aVectorHasOneFaultUnlessItIsAboutTheOrderOfTwo() {
        assertThat(all().filter(vector -> named(vector, "fault:").size() > 1 != vector.tags().contains("order")))
                .isEmpty();
    }

    @Test
    void aBoundaryHasOneVectorOnEachSide() {
        for (List<TestVector> vectors : files.values()) {
            var sides = new TreeMap<String, List<Boolean>>();
            for (TestVector vector : vectors) {
                for (String pair : named(vector, "pair:")) {
                    sides.computeIfAbsent(pair, name -> new ArrayList<>()).add(refuses(vector));
                }
            }
            assertThat(sides).allSatisfy((pair, refused) -> assertThat(refused).as(pair)
                    .containsExactlyInAnyOrder(true, false));
        }
    }

    @Test
    void everyFailureReasonIsExpectedSomewhere() {
        Set<String> expected = all().flatMap(vector -> answers(vector).stream())
                .map(OwnVectorsLintTest::reason)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());

        assertThat(expected).containsAll(Arrays.stream(MutualAuthFailure.values())
                .map(MutualAuthFailure::text)
                .toList());
    }

    @Test
    void everyPrimitiveIsAskedSomewhere() throws IOException {
        Set<String> asked = new HashSet<>();
        Manifest manifest = Manifest.read(Path.of(""));
        for (String suite : manifest.suites()) {
            Path folder = manifest.folder(suite);
            if (PublishedSuite.isFolder(folder)) {
                PublishedSuite.read(folder).forEach(vector -> asked.add(vector.primitive()));
            }
        }
        VectorFile.read(Path.of("suites/aps-mutual-auth/aps-mutual-auth-v1.json"))
                .forEach(vector -> asked.add(vector.primitive()));
        all().forEach(vector -> asked.add(vector.primitive()));

        Set<String> all = new HashSet<>(new CoreSubject().primitives());
        all.addAll(GatewayPrimitives.NAMES);
        assertThat(asked).isEqualTo(all);
    }

    private Stream<TestVector> all() {
        return files.values().stream().flatMap(List::stream);
    }

    private static Map<Path, List<TestVector>> ownFiles() {
        try (Stream<Path> paths = Files.walk(Path.of("suites"), 2)) {
            var files = new TreeMap<Path, List<TestVector>>();
            for (Path path : paths.filter(path -> path.toString().endsWith("-v1.json")).toList()) {
                if ("agentpassport-vectors/1".equals(VectorFile.readObject(path).string("format"))) {
                    files.put(path, VectorFile.read(path));
                }
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> named(TestVector vector, String prefix) {
        return vector.tags().stream().filter(tag -> tag.startsWith(prefix)).toList();
    }

    /** The answers that a vector expects: one, or a script's many. */
    private static List<JsonObject> answers(TestVector vector) {
        if (!(vector.expected().get("answers") instanceof JsonArray array)) {
            return List.of(vector.expected());
        }
        var answers = new ArrayList<JsonObject>();
        for (JsonValue value : array.values()) {
            answers.add((JsonObject) value);
        }
        return answers;
    }

    private static boolean refuses(TestVector vector) {
        return answers(vector).stream()
                .anyMatch(answer -> answer.get("ok") == JsonBoolean.FALSE || answer.has("error"));
    }

    private static @Nullable String reason(JsonObject answer) {
        JsonObject failure = answer.object("failure");
        return failure == null ? answer.string("reason") : failure.string("reason");
    }
}
