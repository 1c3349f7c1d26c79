package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others chose is printed so that it neither commands the terminal nor looks like another line or another text. */
class HostileTextTest {

    /** A certificate is issued for it here: a filler, a blank that is no space, a selector, and a space that is another's. */
    private static final String HOSTILE = "agent:alice\u3164\u2800\ufe0f\u00a0b";

    private static final String SHOWN = "agent:alice\\u3164\\u2800\\ufe0f\\u00a0b";

    /** Only another issuer certifies it: turns the direction of writing, and begins a line of its own. */
    private static final String OF_ANOTHER = "agent:\u202eevil\u2028ok \u200b\u2066all is well";

    private static final String OF_ANOTHER_SHOWN = "agent:\\u202eevil\\u2028ok \\u200b\\u2066all is well";

    @TempDir
    Path folder;

    private TestServer service;
    private Cli cli;
    private AuthenticatedSession agent;

    @BeforeEach
    void start() throws IOException {
        service = TestServer.start(folder);
        cli = Cli.talkingTo(service);
        agent = service.session(service.agent(HOSTILE));
        String open = file("open.yaml", "version: \"1\"\ndefault: deny\ntools: {clock: {}}\n");
        cli.run("policy put", open, "--id", "open").ok();
        cli.run("grants create", "--binding", HOSTILE, "--tool", "builtin/clock", "--policy", "open", "--budget", "5")
                .ok();
        assertThat(agent.tools().call(ToolRequest.of("clock", JsonObject.EMPTY)))
                .isInstanceOf(ToolCallAnswer.Completed.class);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void aHostileBindingIsShownEscapedByEveryCommandThatShowsIt() throws IOException {
        String partition = first("certificates", HOSTILE, "partition");
        for (String list : new String[]{"certificates", "sessions", "grants", "budgets"}) {
            shows(cli.run(list + " list"));
            harmless(cli.run(list + " list", "--json"));
        }
        shows(cli.run("certificates show", first("certificates", HOSTILE, "certificate_id"), "--partition", partition));
        shows(cli.run("sessions show", agent.session().id().text(), "--partition", partition));
        shows(cli.run("grants show", first("grants", HOSTILE, "grant_id")));
        shows(cli.run("audit tail", "-n", "100", "--private", "--partition", partition));
        String closed = file("closed.yaml", "version: \"1\"\ndefault: deny\ntools: {}\n");
        shows(cli.run("policy simulate", closed, "--id", "open", "--partition", partition));
        cli.run("grants create", "--binding", OF_ANOTHER, "--issuer-domain", "other.example", "--tool", "builtin/clock",
                "--policy", "open").ok();
        assertThat(harmless(cli.run("grants list")).out()).contains(SHOWN, OF_ANOTHER_SHOWN);
        assertThat(harmless(cli.run("grants list", "--json")).out()).contains(SHOWN, OF_ANOTHER_SHOWN);
        assertThat(harmless(cli.run("grants show", first("grants", OF_ANOTHER, "grant_id"))).out())
                .contains(OF_ANOTHER_SHOWN);
        assertThat(
                harmless(cli.run("grants revoke", first("grants", OF_ANOTHER, "grant_id"), "--reason", "over")).out())
                .contains(OF_ANOTHER_SHOWN);
    }

    @Test
    void anExportThatNamesItselfWithEscapesIsShownEscaped() throws IOException {
        String export = file("log.jsonl",
                "{\"checkpoint\":\"x\",\"origin\":\"\\u001b[2Jok  a/log/0001\\u009b\","
                        + "\"spec\":\"agentpassport.logexport.v1\"}\n");
        Cli.Result read = Cli.alone()
                .run("audit verify", export, "--log-key", service.server().logKey().hex(), "--audience",
                        "passport://localhost");
        read.answersNo("WRONG  \\u001b[2Jok  a/log/0001\\u009b");
        harmless(read);
    }

    private static void shows(Cli.Result result) {
        assertThat(result.ok().out()).contains(SHOWN);
        harmless(result);
    }

    private static Cli.Result harmless(Cli.Result result) {
        assertThat((result.out() + result.err()).codePoints())
                .as(result.line())
                .noneMatch(c -> c != '\n' && (c < ' ' || (c > '~' && (HOSTILE + OF_ANOTHER).indexOf(c) >= 0)
                        || Character.isISOControl(c)));
        return result;
    }

    /** A member of the newest of that binding. */
    private String first(String list, String binding, String member) {
        var found = (JsonArray) Objects
                .requireNonNull(cli.run(list + " list", "--binding", binding, "--json").json().get(list));
        return Objects.requireNonNull(((JsonObject) found.values().get(0)).string(member));
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }
}
