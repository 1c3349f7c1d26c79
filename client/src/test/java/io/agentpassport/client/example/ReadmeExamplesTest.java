package io.agentpassport.client.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows is what compiles here. */
class ReadmeExamplesTest {

    private static final Path SOURCES = Path.of("src/test/java/io/agentpassport/client/example");

    @ParameterizedTest
    @ValueSource(strings = {"AgentExample", "GatewayExample", "SystemExample"})
    void theReadmeShowsTheExampleThatCompiles(String name) throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        Matcher shown = Pattern.compile("<!-- example: " + name + " -->\n```java\n(.*?)```", Pattern.DOTALL)
                .matcher(readme);
        Matcher compiled = Pattern.compile("// README: " + name + "\n(.*?) *// README: end", Pattern.DOTALL)
                .matcher(Files.readString(SOURCES.resolve(name + ".java")));

        assertThat(shown.find()).isTrue();
        assertThat(compiled.find()).isTrue();
        assertThat(shown.group(1)).isEqualTo(compiled.group(1).indent(-8));
    }
}
