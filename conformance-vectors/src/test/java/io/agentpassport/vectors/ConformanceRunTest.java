package io.agentpassport.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of fault is seen: what the runner does not know, cannot read or gets otherwise is a failure. */
class ConformanceRunTest {

    private static final Path PUBLISHED = Path.of("suites/aps-mutual-auth/aps-mutual-auth-v1.json");
    private static final String VECTOR = """
            {"id":"a-1","primitive":"chooseVersion","tags":[],
             "input":{"peer_supported":["1"],"own_accepted":["1"]},"expected":{"version":"1"}}""";

    @TempDir
    private Path folder = Path.of("");

    /** Core, but for its answers to one primitive. */
    private record Deviating(String primitive, UnaryOperator<JsonObject> change) implements Subject {
        @Override
        public Set<String> primitives() {
            return new CoreSubject().primitives();
        }

        @Override
        public JsonObject answer(String asked, JsonObject input) {
            JsonObject answer = new CoreSubject().answer(asked, input);
            return asked.equals(primitive) ? change.apply(answer) : answer;
        }
    }

    @Test
    void thePublishedVectorsPass() {
        Report report = ConformanceRun.of(List.of(PUBLISHED)).against(new CoreSubject());

        assertThat(report.text()).isEqualTo("444 passed, 0 failed");
        assertThat(report.isOk()).isTrue();
    }

    @Test
    void aRightAnswerPasses() throws IOException {
        assertThat(run(VECTOR)).isEqualTo("1 passed, 0 failed");
    }

    @Test
    void aWrongAnswerFailsAndShowsBoth() throws IOException {
        assertThat(run(VECTOR.replace("\"version\":\"1\"", "\"version\":\"2\""))).isEqualTo("""
                a-1
                  expected {"version":"2"}
                  got      {"version":"1"}
                0 passed, 1 failed""");
    }

    @Test
    void anUnknownMemberOfTheExpectedAnswerFails() throws IOException {
        assertThat(run(VECTOR.replace("\"version\":\"1\"", "\"version\":\"1\",\"x\":1")))
                .endsWith("0 passed, 1 failed");
    }

    @Test
    void anInputMemberThatNobodyReadsFails() throws IOException {
        assertThat(run(VECTOR.replace("\"own_accepted\"", "\"x\":1,\"own_accepted\"")))
                .contains("input.x means nothing")
                .endsWith("0 passed, 1 failed");
    }

    @Test
    void aMissingInputMemberFails() throws IOException {
        assertThat(run(VECTOR.replace("\"own_accepted\"", "\"x\""))).contains("input.own_accepted is missing")
                .endsWith("0 passed, 1 failed");
    }

    @Test
    void anUnknownPrimitiveFails() throws IOException {
        assertThat(run(VECTOR.replace("chooseVersion", "chooseColour"))).contains("chooseColour")
                .endsWith("0 passed, 1 failed");
    }

    @Test
    void anUnknownTagFails() throws IOException {
        assertThat(run(VECTOR.replace("\"tags\":[]", "\"tags\":[\"upstream-odd\"]")))
                .contains("unknown tag upstream-odd")
                .endsWith("0 passed, 1 failed");
    }

    @Test
    void anUnknownMemberOfAVectorFails() throws IOException {
        assertThat(run(VECTOR.replace("\"tags\"", "\"skip\":true,\"tags\""))).contains("unknown member skip")
                .endsWith("0 passed, 1 failed");
    }

    @Test
    void twoVectorsOfOneIdFail() throws IOException {
        assertThat(run(VECTOR + "," + VECTOR)).contains("two vectors named a-1").endsWith("0 passed, 1 failed");
    }

    @Test
    void anUnknownFormatFails() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"),
                "{\"format\":\"other/1\",\"vectors\":[" + VECTOR + "]}");

        assertThat(run(file)).contains("its format is none of").endsWith("0 passed, 1 failed");
    }

    @Test
    void aFileWithoutVectorsAMissingFileAndAnEmptyFolderFail() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThat(run("")).contains("no vectors in the file").endsWith("0 passed, 1 failed");
        assertThat(run(folder.resolve("none.json"))).contains("there is no such file").endsWith("0 passed, 1 failed");
        assertThat(run(empty)).contains("nothing in the folder").endsWith("0 passed, 1 failed");
    }

    @Test
    void aRunThatAskedNothingIsNotOk() {
        assertThat(ConformanceRun.of(List.of()).against(new CoreSubject()).isOk()).isFalse();
    }

    @Test
    void aCrashOfTheSubjectIsAFailureOfTheVector() {
        Report report = runPublished(new Deviating("chooseVersion", answer -> {
            throw new IllegalStateException("boom");
        }));

        assertThat(report.text()).contains("version-0001", "boom").endsWith("434 passed, 10 failed");
    }

    @Test
    void acceptingWhatMustBeRefusedFails() {
        Report report = runPublished(new Deviating("verifyCertificateSignature", answer -> Answers.OK));

        assertThat(report.text()).contains("cert-verify-0037\n  expected a refusal");
    }

    @Test
    void aVerifiedDerivationThatVerifiesNothingFails() {
        var careless = new Subject() {
            @Override
            public Set<String> primitives() {
                return new CoreSubject().primitives();
            }

            @Override
            public JsonObject answer(String primitive, JsonObject input) {
                return primitive.equals("deriveVerifiedSession")
                        ? new CoreSubject().answer("deriveSession", input.without("agent_side").without("is_side"))
                        : new CoreSubject().answer(primitive, input);
            }
        };

        assertThat(runPublished(careless).text()).contains("or an earlier end, by the verified derivation")
                .endsWith("436 passed, 8 failed");
    }

    @Test
    void aVerifiedDerivationThatRefusesAlwaysFails() {
        Report report = runPublished(new Deviating("deriveVerifiedSession", answer -> Answers.ok(false)));

        assertThat(report.text()).contains("an untampered pair").endsWith("436 passed, 8 failed");
    }

    @Test
    void anotherPlaceOfAnErrorFailsWhereThePlaceIsExpected() {
        Report report = runPublished(new Deviating("canonicalizeJCSForWrite",
                answer -> answer.has("error") ? answer.with("error_path", new JsonString("$")) : answer));

        assertThat(report.failed()).isEqualTo(7);
    }

    @Test
    void oneByteOfASignatureMakesADifference() {
        Report report = runPublished(new Deviating("signCertificate",
                answer -> answer.has("error") ? answer : answer.with("signature_b64", new JsonString("AAAA"))));

        assertThat(report.failed()).isEqualTo(5);
    }

    @Test
    void falseIsNotTheAbsenceOfTrue() {
        Report report = runPublished(new Deviating("isSessionActive", answer -> answer.without("active")
                .with("ok", JsonBoolean.FALSE)));

        assertThat(report.failed()).isEqualTo(11);
    }

    @Test
    void whatASubjectDoesNotServeIsCountedApartAndSaid() {
        Report report = runPublished(new Subject() {
            @Override
            public Set<String> primitives() {
                return Set.of("verifyAttest");
            }

            @Override
            public JsonObject answer(String primitive, JsonObject input) {
                return new CoreSubject().answer(primitive, input);
            }
        });

        assertThat(report.notServed()).containsEntry("checkAnchor", 28).doesNotContainKey("verifyAttest");
        assertThat(report.text()).contains("not served here, not asked").endsWith("125 passed, 0 failed");
    }

    private static Report runPublished(Subject subject) {
        return ConformanceRun.of(List.of(PUBLISHED)).against(subject);
    }

    private String run(String vectors) throws IOException {
        return run(Files.writeString(folder.resolve("a-v1.json"),
                "{\"format\":\"agentpassport-vectors/1\",\"vectors\":[" + vectors + "]}"));
    }

    private static String run(Path path) {
        return ConformanceRun.of(List.of(path)).against(new CoreSubject()).text();
    }
}
