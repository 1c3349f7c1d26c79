package io.agentpassport.server.cli;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The messages of one handshake in a folder, each as canonical JSON, with what they are judged by.
 *
 * @param folder as people named it
 */
record SavedHandshake(Path folder) {

    static final String HELLO = "hello.json";
    static final String SERVICE_ATTEST = "service-attest.json";
    static final String AGENT_ATTEST = "agent-attest.json";
    private static final String SESSION = "session.json";
    private static final String BUNDLE = "bundle.json";

    /** That folder, made if it is not there: before a handshake is begun for nothing. */
    static SavedHandshake in(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw CommandFailure.unusable("--save cannot make the folder " + folder + "; name another", e);
        }
        if (!Files.isWritable(folder)) {
            throw CommandFailure.unusable("--save cannot write to the folder " + folder + "; name another");
        }
        return new SavedHandshake(folder);
    }

    /** Writes all of it. */
    void write(Map<String, JsonObject> messages, Session session, byte[] bundle) {
        try {
            for (Map.Entry<String, JsonObject> message : messages.entrySet()) {
                Files.write(folder.resolve(message.getKey()), Jcs.bytes(message.getValue()));
            }
            Files.write(folder.resolve(SESSION), session.canonicalBytes());
            Files.write(folder.resolve(BUNDLE), bundle);
        } catch (IOException e) {
            throw CommandFailure.unusable("the handshake went well, but cannot be written to " + folder + ": "
                    + e.getMessage(), e);
        }
    }

    /** What can be tried with it. */
    List<String> commands(String program, Session session) {
        String agent = session.agentNonceText();
        String system = session.systemNonceText();
        return List.of("  " + program + " verify-attest " + file(AGENT_ATTEST) + " --anchors " + file(BUNDLE) + " \\",
                "      --peer-nonce " + system + " --own-nonce " + agent,
                "  " + program + " verify-attest " + file(SERVICE_ATTEST) + " --anchors " + file(BUNDLE) + " \\",
                "      --peer-nonce " + agent + " --own-nonce " + system,
                "  " + program + " derive-session " + file(AGENT_ATTEST) + " " + file(SERVICE_ATTEST) + " --anchors "
                        + file(BUNDLE));
    }

    private String file(String name) {
        return CliContext.quoted(folder.resolve(name).toString());
    }
}
