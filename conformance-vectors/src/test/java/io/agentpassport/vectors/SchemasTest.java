package io.agentpassport.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemasTest {

    private static final Map<String, String> SCHEMA_BY_PATH = Map.of(
            "manifest.json", "manifest.schema.json",
            "suites/speccheck/cases.json", "speccheck.schema.json",
            "suites/cctv-ed25519/ed25519vectors.json", "cctv-ed25519.schema.json");

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @Test
    void everyDescribedFileFitsItsSchema() throws IOException {
        var faults = new ArrayList<String>();
        for (Path file : describedFiles()) {
            for (Error error : validate(schemaOf(file).orElseThrow(), Files.readString(file))) {
                faults.add(file + ": " + error);
            }
        }

        assertThat(faults).isEmpty();
    }

    @Test
    void everySchemaDescribesAFile() throws IOException {
        List<String> used = describedFiles().stream().map(file -> schemaOf(file).orElseThrow()).distinct().toList();

        try (Stream<Path> schemas = Files.list(Path.of("schemas"))) {
            assertThat(schemas.map(schema -> schema.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(used);
        }
    }

    @Test
    void aFileThatDoesNotFitIsSeen() throws IOException {
        String fitting = """
                {"format":"agentpassport-vectors/1","suite":"s","description":"d","source":"s","licence":"l","count":1,
                 "vectors":[{"id":"s-0001","category":"s","primitive":"gate","note":"n","tags":[],
                  "input":{"profile":"signed_document","bytes_b64":"AAAA"},
                  "expected":{"error":"invalid_json","error_reason":"syntax"}}]}""";

        assertThat(validate("vectors.schema.json", fitting)).isEmpty();
        assertThat(validate("vectors.schema.json", fitting.replace("bytes_b64", "bytes"))).isNotEmpty();
        assertThat(validate("vectors.schema.json", fitting.replace("\"tags\":[]", "\"tags\":[\"x\"]"))).isNotEmpty();
    }

    private static List<Path> describedFiles() throws IOException {
        try (Stream<Path> suites = Files.walk(Path.of("suites"))) {
            return Stream.concat(Stream.of(Path.of("manifest.json")), suites.filter(Files::isRegularFile))
                    .filter(file -> schemaOf(file).isPresent())
                    .toList();
        }
    }

    /** Published JSON texts that are a test's subject have none. */
    private static Optional<String> schemaOf(Path file) {
        String path = file.toString().replace('\\', '/');
        if (path.endsWith("-v1.json")) {
            return Optional.of("vectors.schema.json");
        }
        if (path.endsWith("/expected.json")) {
            return Optional.of("expected.schema.json");
        }
        return Optional.ofNullable(SCHEMA_BY_PATH.get(path));
    }

    private List<Error> validate(String schemaName, String json) throws IOException {
        Path file = Path.of("schemas", schemaName);
        Schema schema = registry.getSchema(SchemaLocation.of(file.toUri().toString()), Files.readString(file),
                InputFormat.JSON);
        return schema.validate(json, InputFormat.JSON);
    }
}
