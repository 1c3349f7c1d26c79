package io.agentpassport.server.endtoend;

import static io.agentpassport.server.endtoend.ApprovalWorld.approve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.Watch;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that persons are asked about, from the agent that asks to the receipt. */
class ApprovalLifeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @AutoClose
    private ApprovalWorld world;

    @BeforeEach
    void start(@TempDir Path folder) {
        world = new ApprovalWorld(folder);
    }

    @Test
    void whatWasApprovedRunsOnceWhenTheSameRequestComesAgain() {
        SignedToolRequest request = world.echo("hello");
        String id = world.held(request);
        assertThat(world.stateWhenSentAgain(request)).isEqualTo("pending");
        PassportClient ann = world.person("ann");

        ApprovalRecord seen = ann.approvals().get(id);
        assertThat(seen.state()).isEqualTo("pending");
        assertThat(seen.digest()).isEqualTo(request.digest());
        assertThat(seen.requestId()).isEqualTo(request.requestId());
        assertThat(seen.tool()).isEqualTo("builtin/echo");
        assertThat(seen.params()).isEqualTo(JsonObject.builder().put("message", "hello").build());
        assertThat(seen.previousParams()).isNull();
        assertThat(seen.reason()).isEqualTo("it is loud");
        assertThat(seen.rule()).isEqualTo("asks@1#/tools/echo/require_approval");
        assertThat(seen.agent().binding()).isEqualTo(ApprovalWorld.AGENT);

        ApprovalRecord approved = ann.approvals().approve(seen, "go on");
        assertThat(approved.state()).isEqualTo("approved");
        assertThat(approved.votes()).extracting(ApprovalRecord.Vote::approver).containsExactly("ann");

        ToolCallAnswer.Completed first = world.runs(request);
        assertThat(first.stored()).isFalse();
        assertThat(Objects.requireNonNull(first.receipt()).verify(world.logKey()))
                .isInstanceOf(Receipt.Verified.class);
        ToolCallAnswer.Completed again = world.runs(request);
        assertThat(again.stored()).as("the stored answer, and no second run").isTrue();
        assertThat(again.result()).isEqualTo(first.result());
        assertThat(ann.approvals().get(id).state()).isEqualTo("used");
        // The next one shows what was approved before.
        String next = world.held(world.echo("goodbye"));
        assertThat(ann.approvals().get(next).previousParams()).isEqualTo(seen.params());
    }

    @Test
    void oneNoIsEnough() {
        SignedToolRequest request = world.echo("hello");
        String id = world.held(request);
        PassportClient ann = world.person("ann");
        ApprovalRecord seen = ann.approvals().get(id);
        assertThat(ann.approvals().deny(seen, "too loud").state()).isEqualTo("denied");
        assertThat(ann.approvals().deny(seen, "too loud").state()).as("said again").isEqualTo("denied");
        assertThat(world.stateWhenSentAgain(request)).isEqualTo("denied");
        refused(ErrorReason.APPROVAL_OVER, () -> approve(world.person("bob"), id));
        assertThat(world.session.approvals().get(id).votes()).singleElement()
                .satisfies(vote -> assertThat(vote.comment()).isEqualTo("too loud"));
    }

    @Test
    void whatNobodyDecidedInTimeIsOver() {
        SignedToolRequest request = world.echo("hello");
        String id = world.held(request);
        world.advance(Duration.ofMinutes(11));
        PassportClient ann = world.person("ann");
        assertThat(ann.approvals().get(id).state()).isEqualTo("expired");
        refused(ErrorReason.APPROVAL_OVER, () -> approve(ann, id));
        assertThat(world.tools().send(request)).isInstanceOf(ToolDenial.Stale.class);
    }

    @Test
    void aYesThatCameInTimeIsNotGoodForever() {
        SignedToolRequest request = world.echo("hello");
        String id = world.held(request);
        approve(world.person("ann"), id);
        world.advance(Duration.ofMinutes(11));
        assertThat(world.tools().send(request)).isInstanceOf(ToolDenial.Stale.class);
        assertThat(world.person("ann").approvals().get(id).state()).isEqualTo("expired");
    }

    @Test
    void anotherRequestIsNotCovered() {
        SignedToolRequest request = world.echo("hello");
        approve(world.person("ann"), world.held(request));
        // The same tool and arguments, and another request; and the same name with other arguments.
        SignedToolRequest alike = world.echo("hello");
        assertThat(world.stateWhenSentAgain(alike)).isEqualTo("pending");
        assertThat(world.stateWhenSentAgain(world.echo("hello!"))).isEqualTo("pending");
        assertThat(world.runs(request).isError()).isFalse();
    }

    @Test
    void twoOfThreeDecideAndNobodyTwice() {
        SignedToolRequest request = world.clock();
        String id = world.held(request);
        PassportClient ann = world.person("ann");
        assertThat(approve(ann, id).state()).isEqualTo("pending");
        ApprovalRecord again = approve(world.person("ann"), id);
        assertThat(again.state()).as("the same person counts once").isEqualTo("pending");
        assertThat(again.votes()).hasSize(1);
        assertThat(world.stateWhenSentAgain(request)).isEqualTo("pending");
        assertThat(refused(ErrorReason.APPROVER_REFUSED, () -> approve(world.person("eve"), id)).metadata())
                .containsEntry("cause", "not_listed");
        assertThat(refused(ErrorReason.APPROVER_REFUSED, () -> approve(world.person("somebody"), id)).metadata())
                .as("who answers for the agent")
                .containsEntry("cause", "principal");
        assertThat(approve(world.person("bob"), id).state()).isEqualTo("approved");
        assertThat(world.runs(request).isError()).isFalse();
    }

    @Test
    void whatPersonsDecidedOutlivesTheService() {
        SignedToolRequest request = world.clock();
        String id = world.held(request);
        approve(world.person("ann"), id);
        world.restart();
        assertThat(approve(world.person("bob"), id).state()).isEqualTo("approved");
        world.restart();
        assertThat(world.runs(request).stored()).isFalse();
        world.restart();
        assertThat(world.runs(request).stored()).isTrue();
    }

    @Test
    void manyWhoSendAnApprovedRequestAtOnceRunItOnce() {
        SignedToolRequest request = world.echo("hello");
        approve(world.person("ann"), world.held(request));
        List<CompletableFuture<ToolCallAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> sentUntilItHasRun(request)));
        }
        assertThat(answers).extracting(CompletableFuture::join)
                .allMatch(ToolCallAnswer.Completed.class::isInstance)
                .filteredOn(answer -> !((ToolCallAnswer.Completed) answer).stored())
                .hasSize(1);
    }

    /** While it runs for another, who sends it is told so, and after a while no longer sends it again by itself. */
    private ToolCallAnswer sentUntilItHasRun(SignedToolRequest request) {
        while (true) {
            try {
                return world.tools().send(request);
            } catch (PassportException e) {
                if (e.errorReason() != ErrorReason.REPLAY) {
                    throw e;
                }
            }
        }
    }

    @Test
    void aWatchSeesAllOfItAndGoesOnAfterARestart() {
        SignedToolRequest request = world.clock();
        String id = world.held(request);
        PassportClient ann = world.person("ann");
        try (Watch<ApprovalRecord> all = ann.approvals().watch(null);
                Watch<ApprovalRecord> own = world.session.approvals().watch(id)) {
            assertThat(told(all).state()).isEqualTo("pending");
            assertThat(told(own).state()).isEqualTo("pending");
            approve(ann, id);
            assertThat(told(all).approvals()).isEqualTo(1);
            ApprovalRecord seen = told(own);
            assertThat(seen.votes()).singleElement()
                    .satisfies(vote -> assertThat(vote.approver()).as("not the agent's to know").isEmpty());
            assertThat(seen.approvers()).isEmpty();
            approve(world.person("bob"), id);
            assertThat(told(all).state()).isEqualTo("approved");
            assertThat(told(own).state()).isEqualTo("approved");
            world.runs(request);
            assertThat(told(all).state()).isEqualTo("used");
            assertThat(told(own).state()).isEqualTo("used");
        }
        // Who comes with a cursor is told what ended meanwhile; who begins is not.
        String other = world.held(world.echo("hello"));
        try (Watch<ApprovalRecord> fresh = ann.approvals().watch(null)) {
            assertThat(told(fresh).id()).isEqualTo(other);
        }
    }

    @Test
    void anAgentWaitsForTheDecision() {
        SignedToolRequest request = world.echo("hello");
        String id = world.held(request);
        var waiting = CompletableFuture.supplyAsync(() -> world.session.approvals().awaitDecision(id, PATIENCE));
        approve(world.person("ann"), id);
        assertThat(waiting.join().state()).isEqualTo("approved");
        assertThat(world.runs(request).isError()).isFalse();
        assertThatThrownBy(() -> world.session.approvals()
                .awaitDecision(world.held(world.echo("again")), Duration.ofMillis(50)))
                .isInstanceOf(PassportException.class)
                .hasMessageContaining("nobody decided");
    }

    @Test
    void whatIsAnothersDoesNotExistForAnAgent() {
        String id = world.held(world.echo("hello"));
        AuthenticatedSession bob = world.service.session(world.service.agent("agent:bob"));
        refused(ErrorReason.APPROVAL_NOT_FOUND, () -> bob.approvals().get(id));
        assertThat(bob.approvals().list(null, null).items()).isEmpty();
        try (Watch<ApprovalRecord> watch = bob.approvals().watch(null)) {
            assertThat(watch.next(Duration.ofMillis(200))).isNull();
        }
        assertThat(world.session.approvals().list("pending", null).items()).extracting(ApprovalRecord::id)
                .containsExactly(id);
        assertThat(world.session.approvals().list("denied", null).items()).isEmpty();
        PassportClient ann = world.person("ann");
        assertThat(ann.approvals().list(ApprovalWorld.AGENT, "pending", 1, null).items()).singleElement()
                .satisfies(found -> assertThat(found.params()).as("lists leave the arguments out").isNull());
    }

    private static ApprovalRecord told(Watch<ApprovalRecord> watch) {
        return Objects.requireNonNull(watch.next(PATIENCE), "nothing came");
    }

    private static PassportException refused(ErrorReason reason, ThrowingCallable call) {
        var thrown = org.assertj.core.api.Assertions.catchThrowableOfType(PassportException.class, call);
        assertThat(thrown).isNotNull();
        assertThat(thrown.errorReason()).as(thrown.getMessage()).isEqualTo(reason);
        return thrown;
    }
}
