package io.agentpassport.server.fuzz;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import java.util.Arrays;

/** The gate: what passes has one canonical form, which passes too and is its own. */
public final class JsonTarget {

    private static final JsonParser GATE = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);

    private JsonTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (GATE.parse(data) instanceof JsonParser.Parsed parsed) {
            byte[] canonical = Jcs.bytes(parsed.object());
            if (!(GATE.parse(canonical) instanceof JsonParser.Parsed again)
                    || !Arrays.equals(Jcs.bytes(again.object()), canonical)) {
                throw new IllegalStateException("its canonical form is none");
            }
        }
    }
}
