package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.Watch;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tools called from the command line. */
@Timeout(120)
class CallCommandTest {

    private static final String RULES = """
            {"version":"1","tools":{
              "calculator":{"price":{"amount":"0.40","currency":"USD"},
                "limits":[{"counter":"bursts","window":"60m","max":2,"algorithm":"sliding"}],
                "deny_if":[{"conditions":[{"path":"args.expression","op":"contains","value":"^"}],"on_deny":"no powers"}]},
              "clock":{"require_approval":true}}}
            """;

    @TempDir
    Path folder;

    private TestServer service;
    private Cli cli;

    @BeforeEach
    void grant() {
        service = TestServer.start(folder);
        cli = Cli.talkingTo(service);
        cli.run("issue", "--binding", "agent:alice", "--principal", "alice", "--key", key(), "--out", identity()).ok();
        cli.reading(RULES).run("policy put", "-", "--id", "first").ok();
        cli.run("grants create", "--binding", "agent:alice", "--tool", "builtin/*", "--policy", "first", "--budget",
                "1")
                .ok();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void verifiesTheReceiptAlsoWhereTheServicesFolderIsNot() {
        Cli.alone()
                .run("call", "calculator", "--args", "{\"expression\":\"6 * 7\"}", "--server", service.address(),
                        "--ca",
                        service.data().ca().toString(), "--key", key(), "--identity", identity())
                .ok();
    }

    @Test
    void namesTheColumnsOfUpstreamsAndTheirTools() {
        assertThat(cli.run("upstreams list").ok().out()).startsWith("UPSTREAM  ").contains("\nbuiltin ");
        assertThat(cli.run("upstreams tools").ok().out()).startsWith("STATE  ").contains("builtin/calculator");
        assertThat(cli.run("upstreams tools", "--state", "gone").ok().out()).isEqualTo("none\n");
    }

    @Test
    void showsTheToolsThatMayBeCalled() {
        assertThat(asAlice("tools").ok().out()).contains("builtin/calculator", "builtin/clock")
                .doesNotContain("builtin/echo");
        assertThat(((JsonArray) Objects.requireNonNull(asAlice("tools", "--json").json().get("tools"))).values())
                .hasSize(2);
    }

    @Test
    void anAllowedCallHasAResultAndAReceiptThatVerifies() {
        Path receipt = folder.resolve("r.json");

        assertThat(asAlice("call", "calculator", "--args", "{\"expression\":\"19.99 * 3\"}", "--receipt",
                receipt.toString()).ok().out()).contains("allowed      and run", "\"result\":\"59.97\"",
                        "cost         0.4 USD",
                        "budget       0.6 USD left", "receipt      " + receipt);

        assertThat(receipt).exists();
        Cli.alone().run("audit receipt", receipt.toString(), "--data", service.data().toString()).ok();
        JsonObject second = asAlice("call", "calculator", "--args", "{\"expression\":\"1 + 1\"}", "--json").json();
        assertThat(second.string("code")).isEqualTo("ALLOWED");
        assertThat(second.string("policy")).isEqualTo("first@1");
        assertThat(second.object("receipt")).isNotNull();
    }

    @Test
    void theArgumentsMayComeFromStandardInput() {
        assertThat(as(cli.reading("{\"expression\":\"6 * 7\"}\n"), "call", "calculator", "--args", "-").ok().out())
                .contains("\"result\":\"42\"");
        as(cli.reading("[1]"), "call", "calculator", "--args", "-")
                .unusable("what --args gives on standard input");
    }

    @Test
    void theCallerSaysWhatItMayCostAndWhichBudgetPays() {
        var sum = new String[]{"calculator", "--args", "{\"expression\":\"1\"}"};
        asAlice("call", with(sum, "--spend", "0.39")).answersNo("denied       BUDGET");
        asAlice("call", with(sum, "--spend", "1", "--currency", "EUR")).answersNo("denied       BUDGET");
        asAlice("call", with(sum, "--spend", "0.40")).ok();
        JsonObject budget = asAlice("call", with(sum, "--preview", "--json")).json().object("budget");
        String own = Objects.requireNonNull(Objects.requireNonNull(budget).string("budget_session_id"));
        String carved = Objects.requireNonNull(cli.run("budgets create", "--parent", own, "--owner", "agent:alice",
                "--amount", "0.50", "--json").json().string("budget_session_id"));
        assertThat(asAlice("call", with(sum, "--budget-session", carved)).ok().out())
                .contains("budget       0.1 USD left in " + carved);
    }

    @Test
    void programsAreToldWhatIsLeftAndWhenToAskAgain() {
        var sum = new String[]{"calculator", "--args", "{\"expression\":\"1\"}", "--json"};
        assertThat(asAlice("call", sum).json().get("retry_after_ms")).isEqualTo(JsonNull.NULL);
        JsonObject budget = asAlice("call", sum).json().object("budget");
        assertThat(Objects.requireNonNull(Objects.requireNonNull(budget).object("remaining")).string("amount"))
                .isEqualTo("0.2");
        assertThat(asAlice("call", sum).out()).contains("\"code\":\"LIMIT\"", "\"counter\":\"bursts\"",
                "\"remaining\":\"0\"").containsPattern("\"retry_after_ms\":[1-9][0-9]*,");
        assertThat(asAlice("call", with(sum, "--preview")).out())
                .containsPattern("\"retry_after_ms\":[1-9][0-9]*,");
    }

    @Test
    void whatRanUnderARequestIdIsNotRunAgain() {
        asAlice("call", "calculator", "--args", "{\"expression\":\"1\"}", "--request-id", "order-17").ok();
        asAlice("call", "calculator", "--args", "{\"expression\":\"2\"}", "--request-id", "order-17")
                .answersNo("denied       REPLAY");
    }

    @Test
    void nothingIsCalledWhenItsReceiptHasNoFolder() {
        asAlice("call", "calculator", "--args", "{\"expression\":\"1\"}", "--receipt",
                folder.resolve("none/r.json").toString()).unusable("a folder that exists", "nothing was sent");

        assertThat(asAlice("call", "calculator", "--args", "{\"expression\":\"1\"}").ok().out())
                .as("nothing was charged before")
                .contains("budget       0.6 USD left");
    }

    @Test
    void aDenialSaysWhyAndByWhichRule() {
        asAlice("call", "calculator", "--args", "{\"expression\":\"2 ^ 9\"}").answersNo("denied       DENY_IF",
                "because      no powers", "by the rule  first@1#/tools/calculator/deny_if/0");
        asAlice("call", "echo", "--args", "{\"message\":\"x\"}").answersNo("denied       DEFAULT_DENY",
                "by the rule  first@1\n");
        assertThat(asAlice("call", "echo", "--args", "{\"message\":\"x\"}", "--json").out())
                .as("programs are told the pointer, which is that of the whole policy")
                .contains("\"rule\":\"first@1#\"");
        asAlice("call", "nothing").answersNo("denied       UNKNOWN_TOOL",
                "those that this lists: passport tools --key ");
        asAlice("call", "clock", "--save-request", kept()).answersNo("denied       APPROVAL_REQUIRED",
                "approval     appr_", "approvals approve appr_");
    }

    @Test
    void aPreviewLeavesNothingBehind() {
        assertThat(asAlice("call", "calculator", "--args", "{\"expression\":\"1\"}", "--preview").ok().out())
                .contains("would be     allowed", "cost         0.4 USD");
        asAlice("call", "clock", "--preview").answersNo("would be     denied: APPROVAL_REQUIRED");
        assertThat(cli.run("audit tail").ok().out()).contains("builtin/calculator  would be  ALLOWED",
                "builtin/clock  would be  APPROVAL_REQUIRED");
        assertThat(cli.run("approvals list").ok().out()).isEqualTo("none\n");
        JsonObject budget = asAlice("call", "calculator", "--args", "{\"expression\":\"1\"}", "--preview", "--json")
                .json();
        assertThat(budget.get("would_allow")).isEqualTo(JsonBoolean.of(true));
    }

    @Test
    void waitsForAPersonAndSendsTheSameRequestAgain() {
        try (Watch<ApprovalRecord> watch = service.admin().approvals().watch(null)) {
            CompletableFuture<Cli.Result> called = CompletableFuture
                    .supplyAsync(() -> asAlice("call", "clock", "--wait", "1m"));
            ApprovalRecord asked = Objects.requireNonNull(watch.next(Duration.ofSeconds(60)));
            cli.run("approvals approve", asked.id()).ok();

            Cli.Result result = called.join();

            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).contains("allowed      and run", "\"zone\"");
            Path file = Path.of(asked.id() + ".json");
            assertThat(result.err())
                    .as("kept before it is waited for, so that Ctrl-C loses nothing")
                    .containsSubsequence("waiting for a person", asked.id(), "the request is kept; if you stop waiting",
                            "passport call --request " + file + " --key", "approved");
            assertThat(file).as("it has run").doesNotExist();
            assertThat(result.out()).doesNotContain("kept in");
            assertThat(cli.run("approvals show", asked.id()).ok().out()).contains("state        used");
        }
    }

    @Test
    void aRequestThatWaitsIsKeptAndTheVerySameIsSentAgain() throws IOException {
        Cli.Result held = asAlice("call", "clock");
        String id = approvalOf(held);
        Path file = Path.of(id + ".json");
        try {
            assertThat(held.out()).contains("request      kept in " + file,
                    "passport call --request " + file + " --key " + key() + " --identity " + identity() + " --server "
                            + service.address());
            asAlice("call", "--request", file.toString()).answersNo("approval     " + id + ", until",
                    "call --request " + file);
            cli.run("approvals approve", id).ok();
            Path receipt = folder.resolve("r.json");
            assertThat(asAlice("call", "--request", file.toString(), "--receipt", receipt.toString()).ok().out())
                    .contains("allowed      and run", "\"zone\"");
            assertThat(receipt).exists();
            String once = asAlice("call", "--request", file.toString()).ok().out();
            assertThat(once).contains("this is the stored answer", "the file is not needed any more");
            assertThat(asAlice("call", "--request", file.toString(), "--json").json().get("stored"))
                    .isEqualTo(JsonBoolean.TRUE);
            assertThat(asAlice("call", "--request", file.toString()).ok().out()).as("the stored answer")
                    .isEqualTo(once);
            assertThat(cli.run("approvals list").ok().out()).as("one was asked for").containsOnlyOnce("appr_");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    void aKeptRequestThatAPersonDeniedSaysSo() {
        String id = approvalOf(asAlice("call", "clock", "--save-request", kept()));
        cli.run("approvals deny", id, "--comment", "not today").ok();

        Cli.Result denied = asAlice("call", "--request", kept());

        assertThat(denied.out())
                .contains("denied       APPROVAL_REQUIRED", "because      a person denied it: not today")
                .doesNotContain("approvals approve", "kept in");
    }

    @Test
    void aRequestIsKeptBeforeItIsSentWhereThatIsAskedFor() {
        assertThat(asAlice("call", "calculator", "--args", "{\"expression\":\"1\"}", "--save-request", kept(), "--json")
                .json()
                .string("request_file")).isEqualTo(kept());
        assertThat(asAlice("call", "--request", kept()).ok().out()).contains("allowed      and run",
                "cost         0.4 USD");
        asAlice("call", "calculator", "--args", "{\"expression\":\"1\"}", "--save-request", key() + "/x")
                .unusable("cannot write");
        assertThat(asAlice("call", "calculator", "--args", "{\"expression\":\"1\"}", "--preview").ok().out())
                .as("run once, and what cannot be kept is not sent")
                .contains("budget       0.6 USD left");
    }

    /** An agent has five sessions, and may wait for ten approvals. */
    @Test
    void requestsThatWaitDoNotPushEachOtherOut() throws IOException {
        for (int i = 0; i < 7; i++) {
            String file = folder.resolve("kept" + i + ".json").toString();
            String id = approvalOf(asAlice("call", "clock", "--save-request", file));
            cli.run("approvals approve", id).ok();
        }

        for (int i = 0; i < 7; i++) {
            JsonObject ran = asAlice("call", "--request", folder.resolve("kept" + i + ".json").toString(), "--json")
                    .json();
            assertThat(ran.get("stored")).as("request %d", i).isEqualTo(JsonBoolean.FALSE);
        }
        assertThat(cli.run("sessions list", "--state", "active").ok().out().lines()).as("a heading and one").hasSize(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("agent-alice.session"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeptRequestWhoseSessionIsOverSaysWhatToDo() throws IOException {
        var held = asAlice("call", "clock", "--save-request", kept());
        cli.run("approvals approve", approvalOf(held)).ok();
        for (JsonValue session : ((JsonArray) Objects.requireNonNull(
                cli.run("sessions list", "--state", "active", "--json").json().get("sessions"))).values()) {
            JsonObject found = (JsonObject) session;
            cli.run("sessions end", Objects.requireNonNull(found.string("session_id")), "--partition", "0001").ok();
        }

        asAlice("call", "--request", kept()).refused("the session that the request in " + kept(),
                "make the call again without --request", "a person must approve it again");
        assertThat(asAlice("call", "--request", kept(), "--json").out()).contains("\"reason\":\"SESSION_OVER\"");
        assertThat(folder.resolve("agent-alice.session")).exists();
        asAlice("call", "calculator", "--args", "{\"expression\":\"1\"}").ok();
        assertThat(folder.resolve("agent-alice.session")).as("not asked about again").doesNotExist();
        assertThat(asAlice("call", "clock", "--save-request", kept()).out()).as("in another session")
                .contains("APPROVAL_REQUIRED");
    }

    @Test
    void aToolThatFailsEndsTheCommandWithACodeOfItsOwn() {
        Cli.Result failed = asAlice("call", "calculator", "--args", "{\"expression\":\"1 / 0\"}", "--request-id", "one",
                "--save-request", kept());

        assertThat(failed.out()).contains("allowed      and the tool says that it failed");
        assertThat(failed.exitCode()).as(failed.err()).isEqualTo(3);
        assertThat(asAlice("call", "--request", kept()).exitCode()).as("also the stored answer").isEqualTo(3);
        assertThat(cli.run("call", "--help").ok().out())
                .containsPattern("3 +allowed, but the tool says that it failed");
    }

    private static String approvalOf(Cli.Result held) {
        Matcher id = Pattern.compile("appr_[0-9a-f]{24}").matcher(held.out());
        assertThat(id.find()).as(held.out() + held.err()).isTrue();
        return id.group();
    }

    @Test
    void aPersonsNoIsSaidWithTheCommentAndNothingIsAdvised() {
        Cli.Result result = deniedWhileWaiting("ask again\u202e with less");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(result.out()).contains("because      a person denied it: ask again\\u202e with less\n",
                "approval     appr_").doesNotContain("approvals approve", "sent again", "until", "must approve it");
        assertThat(deniedWhileWaiting("").out()).contains("because      denied by a person\n");
    }

    @Test
    void aPersonsNoIsToldToPrograms() {
        Cli.Result result = deniedWhileWaiting("no", "--json");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(result.out()).contains("\"approval_state\":\"denied\"", "\"approval_comment\":\"no\"");
        assertThat(asAlice("call", "clock", "--json", "--save-request", kept()).out()).contains(
                "\"approval_state\":\"pending\"",
                "\"approval_comment\":null");
    }

    @Test
    void aWaitThatRunsOutIsANoAndNoMistakeOfTheCommandLine() {
        Cli.Result people = asAlice("call", "clock", "--wait", "300ms", "--save-request", kept());
        assertThat(people.exitCode()).as(people.err()).isEqualTo(1);
        assertThat(people.err())
                .contains("nobody decided appr_", "within 300ms", "goes on with: passport call --request "
                        + kept())
                .doesNotContain("PT", "Try '");
        Cli.Result programs = asAlice("call", "clock", "--wait", "1s", "--json", "--save-request", kept());
        assertThat(programs.exitCode()).as(programs.err()).isEqualTo(1);
        assertThat(programs.out() + programs.err()).contains("\"reason\":\"TIMED_OUT\"", "within 1s");
    }

    private Cli.Result deniedWhileWaiting(String comment, String... more) {
        try (Watch<ApprovalRecord> watch = service.admin().approvals().watch(null)) {
            var args = new String[more.length + 3];
            System.arraycopy(new String[]{"clock", "--wait", "1m"}, 0, args, 0, 3);
            System.arraycopy(more, 0, args, 3, more.length);
            CompletableFuture<Cli.Result> called = CompletableFuture.supplyAsync(() -> asAlice("call", args));
            ApprovalRecord asked = Objects.requireNonNull(watch.next(Duration.ofSeconds(60)));
            cli.run("approvals deny", asked.id(), "--comment", comment).ok();
            return called.join();
        }
    }

    @Test
    void saysWhatIsWrongBeforeAnybodyIsAsked() {
        asAlice("call", "calculator", "--args", "[1]").unusable("what --args gives is JSON, but no object");
        asAlice("call", "two words").unusable("is not the name of a tool");
        asAlice("call", "clock", "--wait", "2d").unusable("--wait is at most 1d");
        asAlice("call", "clock", "--spend", "-1").unusable("--spend must be an amount");
        asAlice("call", "clock", "--spend", "1", "--currency", "usd").unusable("--currency must be 3 to 8 capital");
        asAlice("call", "clock", "--currency", "USD").unusable("--spend");
        asAlice("call", "clock", "--budget-session", "sess_1").unusable("--budget-session is sess_ and 24");
        asAlice("call").unusable("name the tool to call, or with --request a file");
        asAlice("call", "clock", "--request", kept()).unusable("leave out TOOL");
        asAlice("call", "--request", kept(), "--args", "{}").unusable("leave out TOOL, --args");
        asAlice("call", "--request", kept()).unusable("there is no file");
        asAlice("call", "--request", identity()).unusable(identity() + " is the certificate of an identity, and a kept"
                + " request was wanted: what call writes to appr_….json");
        asAlice("call", "--request", key()).unusable(key() + " is a private key, and a kept request was wanted");
        asAlice("call", "clock", "--preview", "--save-request", kept()).unusable("leave out --save-request");
        asAlice("call", "clock", "--request-id", "a b").unusable("--request-id must be 1 to 64");
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private Cli.Result asAlice(String command, String... args) {
        return as(cli, command, args);
    }

    private Cli.Result as(Cli how, String command, String... args) {
        var all = new String[args.length + 4];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(new String[]{"--key", key(), "--identity", identity()}, 0, all, args.length, 4);
        return how.run(command, all);
    }

    private String kept() {
        return folder.resolve("kept.json").toString();
    }

    private String key() {
        return folder.resolve("agent-alice.key").toString();
    }

    private String identity() {
        return folder.resolve("agent-alice.json").toString();
    }
}
