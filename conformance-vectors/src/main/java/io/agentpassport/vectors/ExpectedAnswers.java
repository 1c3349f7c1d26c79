package io.agentpassport.vectors;

import io.agentpassport.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The {@code expected.json} beside a suite that comes without answers: our own, one for each case and no other. */
final class ExpectedAnswers {

    private static final String FORMAT = "agentpassport-expected/1";

    private final JsonObject file;
    private final JsonObject cases;
    private final Set<String> asked = new HashSet<>();

    private ExpectedAnswers(JsonObject file, JsonObject cases) {
        this.file = file;
        this.cases = cases;
    }

    static ExpectedAnswers read(Path folder) throws IOException {
        JsonObject file = VectorFile.readObject(folder.resolve("expected.json"));
        JsonObject cases = file.object("cases");
        if (!FORMAT.equals(file.string("format")) || cases == null) {
            throw new MalformedVectorException("expected.json is not of format " + FORMAT);
        }
        return new ExpectedAnswers(file, cases);
    }

    /** The whole file. */
    JsonObject file() {
        return file;
    }

    /** The answer to a case. */
    JsonObject of(String name) {
        JsonObject expected = cases.object(name);
        if (expected == null || !asked.add(name)) {
            throw new MalformedVectorException("expected.json must answer " + name + ", once");
        }
        return expected;
    }

    /** To be called when every case has been asked. */
    void requireAllAsked() {
        for (int i = 0; i < cases.size(); i++) {
            if (!asked.contains(cases.name(i))) {
                throw new MalformedVectorException("expected.json answers a case that is not there: " + cases.name(i));
            }
        }
    }
}
