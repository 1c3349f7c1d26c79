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
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies and grants by the command line. */
class GrantCommandsTest {

    private static final String RULES = "version: \"1\"\ndefault: deny\ntools: {calculator: {}, clock: {}}\n";

    @TempDir
    Path folder;

    private TestServer service;
    private Cli cli;
    private String rules;

    @BeforeEach
    void start() throws IOException {
        service = TestServer.start(folder);
        cli = Cli.talkingTo(service);
        rules = file("sums.yaml", RULES);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void aPolicyIsPutReadListedAndComparedWithThePast() throws IOException {
        assertThat(cli.run("policy list").ok().out()).isEqualTo("none\n");
        assertThat(cli.run("policy put", rules, "--id", "sums", "--reason", "a beginning").ok().out())
                .contains("in force  sums@1", "digest    sha256:");
        String stricter = file("stricter.yaml", RULES.replace(", clock: {}", ""));
        JsonObject second = cli.run("policy put", stricter, "--id", "sums", "--expect", "1", "--json").json();
        assertThat(second.number("version")).isEqualTo(2);

        assertThat(cli.run("policy get", "sums@1").ok().out()).isEqualTo(RULES);
        assertThat(cli.run("policy get", "sums", "--json").json().string("document")).doesNotContain("clock");
        assertThat(cli.run("policy list", "sums").ok().out()).contains("sums@2", "sums@1", "a beginning", "admin");
        assertThat(((JsonArray) Objects.requireNonNull(cli.run("policy list", "--json").json().get("policies")))
                .values()).hasSize(1);

        cli.run("policy put", rules, "--id", "sums", "--expect", "1").refused("version 2 of policy sums is in force");
        cli.run("policy put", rules, "--id", "Sums").unusable("a policy id is 1 to 64 of a-z 0-9 . _ -");
        cli.run("policy put", file("bad.yaml", "version: \"1\"\ntools: []\n"), "--id", "sums").unusable("/tools");
        cli.run("policy get", "none").refused("no policy none");
        cli.run("policy get", "sums@x").unusable("give ID, or ID@VERSION");
    }

    @Test
    void aGrantIsMadeShownListedAndRevoked() {
        cli.run("policy put", rules, "--id", "sums").ok();
        AuthenticatedSession alice = service.session(service.agent("agent:alice"));

        JsonObject made = cli
                .run("grants create", "--binding", "agent:alice", "--tool", "builtin/*", "--policy", "sums",
                        "--budget", "2.50", "--limits", "[{\"counter\":\"calls\",\"window\":\"minute\",\"max\":30}]",
                        "--delegable", "1", "--for", "1d", "--json")
                .json();
        String id = Objects.requireNonNull(made.string("grant_id"));

        assertThat(made.string("issuer_domain")).isEqualTo("localhost");
        assertThat(Objects.requireNonNull(made.object("budget")).string("amount")).isEqualTo("2.5");
        assertThat(alice.tools().call(ToolRequest.of("clock", JsonObject.EMPTY)))
                .isInstanceOf(ToolCallAnswer.Completed.class);
        assertThat(cli.run("grants show", id).ok().out()).contains("state        active", "for          agent:alice of",
                "tools        builtin/*", "policy       sums", "budget       2.5 USD", "\"counter\":\"calls\"",
                "delegable    yes, 1 deep", "by admin");
        assertThat(cli.run("grants list", "--state", "active").ok().out()).contains("agent:alice", id);
        assertThat(cli.run("grants list", "--binding", "agent:bob").ok().out()).isEqualTo("none\n");
        assertThat(cli.run("grants revoke", id, "--reason", "shift is over").ok().out()).startsWith("revoked  " + id);
        assertThat(cli.run("grants show", id).ok().out()).contains("state        revoked", ": shift is over");
        assertThat(cli.run("policy simulate", "--version-of", "sums", "--id", "sums").ok().out())
                .contains("1 call was looked at: 0 would be judged otherwise, 0 cannot be told");
        assertThat(cli.reading("{\"version\":\"1\",\"default\":\"deny\"}")
                .run("policy simulate", "-", "--id", "sums")
                .ok()
                .out()).contains("builtin/clock", "ALLOWED  DEFAULT_DENY", "#/default");
    }

    @Test
    void aGrantOfToolsThatAreNotThereSaysSo() {
        cli.run("policy put", rules, "--id", "sums").ok();
        issue("alice");

        String out = cli
                .run("grants create", "--binding", "agent:alice", "--tool", "builtin/*", "--tool", "builtin/clok",
                        "--tool", "shop/*", "--tool", "cl*", "--policy", "sums", "--delegable", "1")
                .ok()
                .out();
        assertThat(out).contains("state        active",
                "note         builtin/clok matches none of the tools that the service has; upstreams tools lists them",
                "note         shop/* matches none").doesNotContain("note         builtin/*", "note         cl*");
        JsonObject made = cli.run("grants create", "--binding", "agent:alice", "--tool", "shop/buy", "--policy", "sums",
                "--json").json();
        assertThat(made.get("tools_unmatched")).isEqualTo(JsonArray.ofStrings(List.of("shop/buy")));

        String above = out.replaceAll("(?s)^grant +(\\S+).*", "$1");
        assertThat(cli.run("grants delegate", above, "--binding", "agent:bob", "--tool", "shop/b*", "--tool",
                "builtin/clock", "--key", key("alice"), "--identity", identity("alice")).ok().out())
                .contains("note         shop/b* matches none of the tools that this agent may call itself")
                .doesNotContain("note         builtin/clock");
    }

    @Test
    void anAgentPassesOnWhatItHas() {
        cli.run("policy put", rules, "--id", "sums").ok();
        issue("alice");
        issue("bob");
        String id = Objects.requireNonNull(cli.run("grants create", "--binding", "agent:alice", "--tool", "builtin/*",
                "--policy", "sums", "--delegable", "1", "--json").json().string("grant_id"));

        JsonObject child = cli.run("grants delegate", id, "--binding", "agent:bob", "--tool", "builtin/clock", "--for",
                "1d", "--key", key("alice"), "--identity", identity("alice"), "--json").json();

        assertThat(child.string("parent_grant_id")).isEqualTo(id);
        assertThat(child.string("created_by")).isEqualTo("agent:alice");
        String childId = Objects.requireNonNull(child.string("grant_id"));
        assertThat(cli.run("grants list", "--key", key("bob"), "--identity", identity("bob")).ok().out())
                .contains(childId)
                .doesNotContain(id);
        assertThat(cli.run("grants list", "--below", id).ok().out()).contains(childId);
        assertThat(cli.run("grants show", childId).ok().out()).contains("below        " + id);
        cli.run("grants show", id, "--key", key("bob"), "--identity", identity("bob")).refused("no grant " + id);
        assertThat(cli.run("grants delegate", id, "--binding", "agent:bob", "--tool", "builtin/echo", "--key",
                key("alice"), "--identity", identity("alice"), "--json").json().string("expires_at"))
                .as("as long as the one above")
                .isEqualTo(cli.run("grants show", id, "--json").json().string("expires_at"));
        cli.run("grants delegate", id, "--binding", "agent:bob", "--tool", "other/*", "--for", "1d", "--key",
                key("alice"), "--identity", identity("alice"))
                .refused("terms.tools[0] must not give other/*, which the grant above does not give");
        cli.run("grants revoke", childId, "--reason", "done", "--key", key("alice"), "--identity", identity("alice"))
                .ok();
    }

    @Test
    void whatIsMissingOrWrongIsSaidBeforeAnybodyIsAsked() {
        cli.run("grants create", "--binding", "agent:alice", "--tool", "builtin/*")
                .unusable("--policy is missing",
                        "policy put FILE --id ID");
        cli.run("grants create", "--binding", "agent:alice", "--tool", "x", "--policy", "sums", "--budget", "-1")
                .unusable("--budget must be an amount above 0");
        cli.run("grants create", "--binding", "agent:alice", "--tool", "x", "--policy", "sums", "--delegable", "8")
                .unusable("--delegable must be between 0 and 7");
        cli.run("grants create", "--binding", "agent:nobody", "--tool", "x", "--policy", "sums")
                .unusable("no certificate was issued here for agent:nobody", "--issuer-domain");
        cli.run("grants create", "--binding", "agent:nobody", "--issuer-domain", "elsewhere", "--tool", "x", "--policy",
                "sums").refused("no policy sums");
        cli.run("grants create", "--binding", "agent:nobody", "--issuer-domain", "elsewhere", "--tool", "x", "--policy",
                "sums", "--limits", "{}").unusable("--limits gave no JSON array");
        cli.run("grants show", "grant_1").unusable("a grant id is grant_ and 24 lower-case hex digits");
        cli.run("grants list", "--key", "x").unusable("--key FILE and --identity FILE");
        cli.run("policy simulate", "--id", "sums").unusable("name one document");
    }

    private void issue(String name) {
        cli.run("issue", "--binding", "agent:" + name, "--key", key(name), "--out", identity(name)).ok();
    }

    private String key(String name) {
        return folder.resolve("agent-" + name + ".key").toString();
    }

    private String identity(String name) {
        return folder.resolve("agent-" + name + ".json").toString();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
