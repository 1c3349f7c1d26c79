package io.agentpassport.server.gateway.call;

import static io.agentpassport.server.gateway.call.EngineWorld.terms;
import static io.agentpassport.server.gateway.call.EngineWorld.there;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.approval.ApprovalId;
import io.agentpassport.server.gateway.approval.ApprovalRows;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.server.gateway.approval.SignedVote;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.store.KeyRange;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An approval serves the very call that people saw, once, in time, and only when enough of those who may have said yes. */
class ApprovalAbuseTest {

    private final EngineWorld world = new EngineWorld();
    private EngineWorld.Asking asking;
    private ApprovalId id;

    @BeforeEach
    void ask() {
        world.grant(0, terms("open", "50", 1, "read", "w*"));
        world.policies.put("open").approval(1);
        asking = world.call(0);
        id = asked();
    }

    /** The approval that the call waits for now. */
    private ApprovalId asked() {
        CallReport report = ((CallAnswer.Denied) asking.process()).report();
        assertThat(report.code()).isEqualTo(DecisionCode.APPROVAL_REQUIRED);
        return there(there(report.approval()).id());
    }

    private String digest() {
        return asking.incoming().call().digest().text();
    }

    private Approvals.VoteOutcome vote(String who, boolean approve) {
        return vote(who, approve, digest(), Duration.ZERO);
    }

    private Approvals.VoteOutcome vote(String who, boolean approve, String digest, Duration ago) {
        return world.get(world.approvals.vote(new SignedVote(who, id, approve, digest,
                world.clock.instant().minus(ago).toEpochMilli(), JsonObject.EMPTY, ""), ""));
    }

    private void approve() {
        assertThat(vote("bob", true)).isInstanceOf(Approvals.Voted.class);
    }

    private Approval.State state() {
        return there(world.approvals.get(id)).stateAt(world.clock.instant());
    }

    @Test
    void itServesTheRequestThatPeopleSawAndNoOther() {
        approve();
        assertThat(EngineWorld.code(world.call(0).process())).isEqualTo(DecisionCode.APPROVAL_REQUIRED);
        assertThat(EngineWorld.code(world.call(0).variant(1).process())).isEqualTo(DecisionCode.APPROVAL_REQUIRED);
        assertThat(EngineWorld.code(asking.process())).isEqualTo(DecisionCode.ALLOWED);
        assertThat(state()).isEqualTo(Approval.State.USED);
    }

    @Test
    void itDoesNotServeUnderAnotherVersionOfThePolicy() {
        approve();
        world.policies.put("open").approval(1);

        assertThat(asked()).isNotEqualTo(id);
        assertThat(state()).isEqualTo(Approval.State.REVOKED);
        assertThat(world.tools.runs()).isEmpty();
    }

    @Test
    void itDoesNotServeAToolWhoseDefinitionChanged() {
        approve();
        world.tools.put("read", 2);

        assertThat(asked()).isNotEqualTo(id);
        assertThat(world.tools.runs()).isEmpty();
    }

    @Test
    void itDoesNotServeUnderAnotherGrant() {
        approve();
        GrantId other = world.grant(0, terms("open", null, 0, "shop/read"));

        ApprovalId again = asked();
        assertThat(again).isNotEqualTo(id);
        assertThat(there(world.approvals.get(again)).request().grant()).isEqualTo(other.text());
        assertThat(world.tools.runs()).isEmpty();
    }

    @Test
    void whoAnswersForTheAgentMayNotApproveForIt() {
        assertThat(vote(EngineWorld.principal(EngineWorld.identity(0)), true)).isInstanceOf(Approvals.NotYours.class);
        assertThat(state()).isEqualTo(Approval.State.PENDING);
        assertThat(EngineWorld.code(asking.process())).isEqualTo(DecisionCode.APPROVAL_REQUIRED);
    }

    @Test
    void whoAnswersForAnAgentThatPassedTheGrantOnMayNotApproveEither() {
        GrantId root = world.grant(0, terms("open", null, 2, "read"));
        GrantId middle = world.delegate(root, 0, 1, terms(null, null, 1, "read"));
        world.delegate(middle, 1, 2, terms(null, null, 0, "read"));
        asking = world.call(2);
        id = asked();
        world.reopen();

        for (int agent = 0; agent < 3; agent++) {
            assertThat(vote(EngineWorld.principal(EngineWorld.identity(agent)), true)).as("agent %s", agent)
                    .isEqualTo(Approvals.NotYours.PRINCIPAL);
        }
        assertThat(EngineWorld.code(asking.process())).isEqualTo(DecisionCode.APPROVAL_REQUIRED);
        assertThat(vote("bob", true)).isInstanceOf(Approvals.Voted.class);
        assertThat(EngineWorld.code(asking.process())).isEqualTo(DecisionCode.ALLOWED);
    }

    @Test
    void onePersonIsNotTwo() {
        world.policies.put("open").approval(2);
        id = asked();
        assertThat(vote("bob", true)).isInstanceOf(Approvals.Voted.class);
        assertThat(vote("bob", true)).isInstanceOf(Approvals.Voted.class);
        assertThat(EngineWorld.code(asking.process())).isEqualTo(DecisionCode.APPROVAL_REQUIRED);
        assertThat(vote("cid", true)).isInstanceOf(Approvals.Voted.class);
        assertThat(EngineWorld.code(asking.process())).isEqualTo(DecisionCode.ALLOWED);
    }

    @Test
    void whatWasDeniedStaysDenied() {
        assertThat(vote("bob", false)).isInstanceOf(Approvals.Voted.class);
        assertThat(vote("cid", true)).isInstanceOf(Approvals.Over.class);

        assertThat(asked()).isEqualTo(id);
        assertThat(state()).isEqualTo(Approval.State.DENIED);
    }

    @Test
    void itIsOverWithItsTimeWhetherGivenOrNot() {
        approve();
        world.clock.move(Duration.ofMinutes(10).plusMillis(1));
        assertThat(state()).isEqualTo(Approval.State.EXPIRED);
        // The request itself has become stale too: only its approval kept it fresh.
        assertThat(EngineWorld.code(asking.process())).isEqualTo(DecisionCode.STALE);
        assertThat(vote("cid", true)).isInstanceOf(Approvals.Over.class);
        assertThat(world.tools.runs()).isEmpty();
    }

    @Test
    void aVoteIsOnWhatWasSeenAndOfNow() {
        assertThat(vote("bob", true, "sha256:" + "0".repeat(64), Duration.ZERO))
                .isEqualTo(new Approvals.NotSigned("digest"));
        assertThat(vote("bob", true, digest(), Duration.ofSeconds(61))).isEqualTo(new Approvals.NotSigned("issued_at"));
        assertThat(vote("bob", true, digest(), Duration.ofSeconds(-61)))
                .isEqualTo(new Approvals.NotSigned("issued_at"));
        assertThat(state()).isEqualTo(Approval.State.PENDING);
    }

    @Test
    void whoWaitsForNothingHasNoRowAmongThoseWhoWait() {
        assertThat(waiting()).isOne();
        approve();
        assertThat(waiting()).isZero();
        asking = world.call(0);
        id = asked();
        assertThat(waiting()).isOne();
        world.clock.move(Duration.ofMinutes(10).plusMillis(1));
        assertThat(world.get(world.approvals.sweep())).isOne();
        assertThat(waiting()).isZero();
    }

    @Test
    void aSweepEndsWhatIsDueAlsoWhenTheAgentAskedAgainAndLeavesTheRest() {
        assertThat(rows("due_approvals")).isOne();
        world.clock.move(Duration.ofMinutes(10).plusMillis(1));
        ApprovalId first = id;
        asking = world.call(0);
        id = asked();
        assertThat(rows("due_approvals")).isEqualTo(2);

        assertThat(world.get(world.approvals.sweep())).isOne();

        assertThat(there(world.approvals.get(first)).stage()).isEqualTo(Approval.State.EXPIRED);
        assertThat(state()).isEqualTo(Approval.State.PENDING);
        assertThat(rows("due_approvals")).isOne();
        assertThat(world.get(world.approvals.sweep())).isZero();
        approve();
        assertThat(rows("due_approvals")).isZero();
    }

    /** How many rows there are of what agents wait for. */
    private int waiting() {
        return rows("waiting_approvals");
    }

    private int rows(String keyspace) {
        return ApprovalRows.ALL.stream()
                .filter(rows -> rows.name().equals(keyspace))
                .mapToInt(rows -> world.partition().scan(rows, KeyRange.all(), 100).rows().size())
                .sum();
    }

    @Test
    void anApprovalThatWasUsedIsSpentAlsoAfterARestart() {
        approve();
        assertThat(EngineWorld.code(asking.process())).isEqualTo(DecisionCode.ALLOWED);
        world.reopen();
        assertThat(state()).isEqualTo(Approval.State.USED);
        assertThat(((CallAnswer.Ran) asking.process()).stored()).isTrue();
        assertThat(world.tools.runs()).hasSize(1);
    }
}
