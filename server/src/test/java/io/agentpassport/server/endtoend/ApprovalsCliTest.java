package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Approvals from the command line, as an admin types it. */
class ApprovalsCliTest {

    private static final String NONE = "appr_0001" + "a".repeat(20);

    @TempDir
    Path folder;

    private ApprovalWorld world;
    private Cli cli;

    @BeforeEach
    void start() {
        world = new ApprovalWorld(folder);
        cli = Cli.talkingTo(world.service);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void anAdminListsLooksAndApproves() {
        assertThat(cli.run("approvals list").ok().out()).isEqualTo("none\n");
        SignedToolRequest request = world.echo("hello");
        String id = world.held(request);
        assertThat(cli.run("approvals list", "--state", "pending").ok().out())
                .contains("STATE", "pending", ApprovalWorld.AGENT, "builtin/echo", "0 of 1", id);
        assertThat(cli.run("approvals list", "--state", "denied").ok().out()).isEqualTo("none\n");
        assertThat(cli.run("approvals show", id).ok().out())
                .contains("arguments    {\"message\":\"hello\"}", "nothing of this tool was approved", "(it is loud)",
                        request.digest().text(), "who may      every approver", "principal    somebody");

        assertThat(cli.run("approvals show", id).ok().out())
                .contains("needs        an active session",
                        "sessions list --state active --binding " + ApprovalWorld.AGENT);
        assertThat(cli.run("approvals approve", id, "--comment", "as agreed").ok().out())
                .contains("approved", id, "1 of 1", "{\"message\":\"hello\"}", "it runs once",
                        "if the session that it was signed in lasts so long");
        assertThat(world.runs(request).isError()).isFalse();

        assertThat(cli.run("approvals show", id).ok().out()).contains("state        used", "yes", "admin",
                ": as agreed").doesNotContain("needs  ");
        String next = world.held(world.echo("bye"));
        assertThat(cli.run("approvals show", next).ok().out())
                .contains("/message: \"bye\", was \"hello\"");
    }

    @Test
    void whoDecidesAgainIsToldWhatCameOfIt() {
        SignedToolRequest request = world.echo("hello");
        String id = world.held(request);
        cli.run("approvals approve", id).ok();
        world.runs(request);
        assertThat(cli.run("approvals approve", id).ok().out()).contains("It has run already.")
                .doesNotContain("will not run");

        String denied = world.held(world.echo("bye"));
        assertThat(cli.run("approvals deny", denied).ok().out()).contains("It will not run.");
        assertThat(cli.run("approvals deny", denied).ok().out()).contains("It was denied already.");

        String late = world.held(world.echo("later"));
        cli.run("approvals approve", late).ok();
        world.advance(Duration.ofHours(1));
        assertThat(cli.ahead(Duration.ofHours(1)).run("approvals approve", late).ok().out())
                .contains("It has expired: the agent asks again.");
    }

    @Test
    void answersJsonToPrograms() {
        String id = world.held(world.echo("hello"));
        JsonObject shown = cli.run("approvals show", id, "--json").json();
        assertThat(shown.object("params")).isEqualTo(JsonObject.builder().put("message", "hello").build());
        assertThat(shown.string("state")).isEqualTo("pending");
        JsonObject denied = cli.run("approvals deny", id, "--comment", "no", "--json").json();
        assertThat(denied.string("state")).isEqualTo("denied");
        assertThat(((JsonArray) Objects.requireNonNull(denied.get("votes"))).values()).hasSize(1);
        JsonObject list = cli.run("approvals list", "--json").json();
        assertThat(((JsonArray) Objects.requireNonNull(list.get("approvals"))).values()).singleElement()
                .satisfies(found -> assertThat(((JsonObject) found).get("approval_id")).isEqualTo(new JsonString(id)));
    }

    @Test
    void whatDoesNotShowIsEscaped() {
        String id = world.held(world.echo("pay \u202egnp.exe\u200b\u0007"));
        assertThat(cli.run("approvals show", id).ok().out())
                .contains("\"pay \\u202egnp.exe\\u200b\\u0007\"")
                .doesNotContain("\u202e", "\u200b");
    }

    @Test
    void saysWhatIsWrong() {
        String id = world.held(world.clock());
        cli.run("approvals show", "appr_1").unusable("24 lower-case hex digits");
        cli.run("approvals show", NONE).refused("no approval " + NONE);
        cli.run("approvals approve", id).refused("you may not decide this approval", "names others");
        cli.run("approvals approve", id, "--comment", "x".repeat(257)).unusable("--comment");
        var unused = world.person("somebody");
        cli.run("approvals approve", id, "--cert", folder.resolve("somebody.pem").toString(), "--cert-key",
                folder.resolve("somebody-key.pem").toString())
                .refused("you are the principal of the agent", "another person must", "admins add", "--principal",
                        "owner");
        String over = world.held(world.echo("hello"));
        cli.run("approvals deny", over).ok();
        cli.run("approvals approve", over).refused("is denied");
    }

    /** Whoever names nobody answers for nobody: the first admin may approve what its first agent asks. */
    @Test
    void theFirstAdminApprovesForAnAgentThatWasIssuedWithoutAWordOfItsPrincipal() {
        String key = folder.resolve("carol.key").toString();
        String identity = folder.resolve("carol.json").toString();
        assertThat(cli.run("issue", "--binding", "agent:carol", "--key", key, "--out", identity).ok().out())
                .contains("principal    agent:carol (nobody was named)", "--principal");
        assertThat(cli.run("issue", "--binding", "agent:dan", "--principal", "admin", "--key",
                folder.resolve("dan.key").toString(), "--out", folder.resolve("dan.json").toString()).ok().out())
                .contains("principal    admin (a person of that name may not approve its calls)");
        world.service.gateway().policy("held", """
                {"version":"1","tools":{"builtin/echo":{"action":"require_approval","reason":"it is loud"}}}""");
        world.service.gateway().grant("agent:carol", world.service.gateway().terms("held", null, "builtin/*"));

        String out = cli.run("call", "builtin/echo", "--args", "{\"message\":\"hi\"}", "--key", key, "--identity",
                identity, "--save-request", folder.resolve("kept.json").toString()).out();
        Matcher id = Pattern.compile("appr_[0-9a-f]{24}").matcher(out);
        assertThat(id.find()).isTrue();
        assertThat(cli.run("approvals show", id.group()).ok().out()).contains("principal    agent:carol");
        assertThat(cli.run("approvals approve", id.group()).ok().out()).contains("it runs once");
    }

    @Test
    void severalPersonsDecide() {
        SignedToolRequest request = world.clock();
        String id = world.held(request);
        for (String name : List.of("ann", "bob")) {
            var unused = world.person(name);
            assertThat(cli.run("approvals approve", id, "--cert", folder.resolve(name + ".pem").toString(),
                    "--cert-key", folder.resolve(name + "-key.pem").toString()).ok().out())
                    .contains(name.equals("ann") ? "More persons must approve" : "it runs once");
        }
        assertThat(world.runs(request).isError()).isFalse();
    }

    @Test
    void anotherPersonGetsACredentialOfItsOwn() {
        String data = world.service.data().toString();
        String id = world.held(world.clock());
        JsonObject made = Cli.alone().run("admins add", "bob", "--role", "approver", "--data", data, "--json").json();
        String certificate = Objects.requireNonNull(made.string("admin_certificate"));
        String key = Objects.requireNonNull(made.string("admin_key"));
        JsonObject voted = cli.run("approvals approve", id, "--cert", certificate, "--cert-key", key, "--json").json();
        assertThat(voted.string("state")).isEqualTo("pending");
        Cli.alone().run("admins add", "bob", "--role", "approver", "--data", data).unusable("exists already");
        Cli.alone().run("admins add", "eve", "--data", data).unusable("--role");
        Cli.alone()
                .run("admins add", "eve", "--role", "king", "--data", data)
                .unusable("issuer, policy, operator, auditor, approver, not king");
        Cli.alone().run("admins add", "../bob", "--role", "approver", "--data", data).unusable("NAME is 1 to 64");
        assertThat(Cli.alone().run("admins add", "ann", "--role", "approver", "--data", data).ok().out())
                .contains("approvals list --cert");
        JsonObject auditor = Cli.alone()
                .run("admins add", "otto", "--role", "auditor", "--data", data, "--json")
                .json();
        String[] otto = {"--cert", Objects.requireNonNull(auditor.string("admin_certificate")), "--cert-key",
            Objects.requireNonNull(auditor.string("admin_key"))};
        cli.run("approvals approve", id, otto[0], otto[1], otto[2], otto[3])
                .refused("this call needs the role approver", "passport admins add NAME --role approver");
        cli.run("audit tail", "--private", otto[0], otto[1], otto[2], otto[3]).ok();
        assertThat(Cli.alone().run("admins add", "ada", "--role", "auditor", "--data", data).ok().out())
                .contains("audit tail --private --cert");
    }

    @Test
    void aWatchOfOneEndsWhenItIsOver() {
        SignedToolRequest request = world.echo("hello");
        String id = world.held(request);
        var watching = CompletableFuture.supplyAsync(() -> cli.run("approvals watch", id, "--for", "2m"));
        cli.run("approvals approve", id).ok();
        world.runs(request);
        assertThat(watching.join().ok().out().lines()).last().asString().startsWith("used").contains(id);
        assertThat(cli.run("approvals watch", id).ok().out()).as("over already").startsWith("used");
        String other = world.held(world.echo("again"));
        assertThat(cli.patient().run("approvals watch", "--for", "300ms", "--json").ok().out()).contains(other)
                .doesNotContain(id);
    }
}
