package io.agentpassport.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.crash.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check of calls, on histories that are made by hand. */
class CallCheckTest {

    private static final Answer.Ran DONE = new Answer.Ran("{\"content\":[]}", "0.3 USD", false);
    private static final Answer.Ran CUT_OFF = new Answer.Ran(Answer.Ran.UNKNOWN, "0.3 USD", true);
    private static final Answer.Denied LIMIT = new Answer.Denied("LIMIT", null);
    private static final Answer.Denied REVOKED = new Answer.Denied("REVOKED", null);

    private final List<Call> calls = new ArrayList<>();
    private final List<RunFile.Run> runs = new ArrayList<>();
    private boolean mayBeRevoked;

    private Call call(String id, Lot lot) {
        var call = new Call(id, "agent:a", lot);
        calls.add(call);
        return call;
    }

    private Call call(String id) {
        return call(id, new Lot(Lot.Kind.TOTAL, "grant", 2));
    }

    private static void answered(Call call, long at, Answer answer) {
        call.sent().tell(new Told.Acknowledged<>(at, at + 1, answer));
    }

    private static void unanswered(Call call, long at) {
        call.sent().tell(new Told.Unanswered<>(at, at + 1, "gone"));
    }

    private void ran(String id, long at) {
        runs.add(new RunFile.Run(id, at));
    }

    private List<Kind> found() {
        return CallCheck.of(calls, runs, call -> mayBeRevoked).stream().map(Finding::kind).toList();
    }

    @Test
    void nothingIsFoundInWhatIsAnsweredAlikeAndRanOnce() {
        Call call = call("a");
        unanswered(call, 10);
        ran("a", 10);
        answered(call, 20, DONE);
        answered(call, 30, DONE);
        Call denied = call("b");
        answered(denied, 40, LIMIT);
        Call cutOff = call("c");
        unanswered(cutOff, 50);
        answered(cutOff, 60, CUT_OFF);

        assertThat(found()).isEmpty();
    }

    @Test
    void aCallThatWasNotAnsweredMayHaveRunOnceAndNoMore() {
        unanswered(call("a"), 10);
        assertThat(found()).isEmpty();
        ran("a", 10);
        assertThat(found()).isEmpty();
        ran("a", 12);
        assertThat(found()).containsExactly(Kind.RAN_TWICE);
    }

    @Test
    void anotherAnswerToTheSameBytesIsAChange() {
        Call call = call("a");
        ran("a", 10);
        answered(call, 10, CUT_OFF);
        answered(call, 20, DONE);

        assertThat(found()).containsExactly(Kind.CHANGED);
    }

    @Test
    void aResultIsKeptForTenMinutesAndAfterThatOnlyThatItWasDone() {
        Call call = call("a");
        ran("a", 10);
        answered(call, 10, DONE);
        answered(call, 10 + 600_100, new Answer.Ran(Answer.Ran.DONE, "0.3 USD", true));
        assertThat(found()).isEmpty();

        answered(call, 20, new Answer.Ran(Answer.Ran.DONE, "0.3 USD", true));
        assertThat(found()).containsExactly(Kind.CHANGED);
    }

    @Test
    void whatWasAllowedAndIsDeniedLaterIsLostUnlessItMayBeRevoked() {
        Call call = call("a");
        ran("a", 10);
        answered(call, 10, DONE);
        answered(call, 20, REVOKED);

        assertThat(found()).containsExactly(Kind.LOST);
        mayBeRevoked = true;
        assertThat(found()).isEmpty();
        answered(call, 30, LIMIT);
        assertThat(found()).containsExactly(Kind.LOST);
    }

    @Test
    void whatRanAndIsDeniedLaterIsLostAlsoWhenNobodyWasTold() {
        Call call = call("a");
        unanswered(call, 10);
        ran("a", 11);
        answered(call, 20, LIMIT);

        assertThat(found()).containsExactly(Kind.LOST);
    }

    @Test
    void whatWasOnlyEverDeniedMayNotRun() {
        answered(call("a"), 10, LIMIT);
        ran("a", 11);

        assertThat(found()).contains(Kind.RAN_UNALLOWED);
    }

    @Test
    void aResultOfAToolThatNeverRanIsFound() {
        answered(call("a"), 10, DONE);

        assertThat(found()).containsExactly(Kind.LOST);
    }

    @Test
    void aSessionThatIsGoneAndAReceiptThatDoesNotVerifyAreFound() {
        call("a").sent().tell(new Told.Refused<>(10, 11, "INVALID_SIGNATURE"));
        call("b").sent().tell(new Told.Refused<>(10, 11, Operation.UNPROVEN + "the receipt"));
        call("c").sent().tell(new Told.Refused<>(10, 11, "REPLAY"));

        assertThat(found()).containsExactly(Kind.LOST, Kind.LOG_BROKEN);
    }

    @Test
    void oneMoreThanALotHoldsIsTooMany() {
        for (String id : List.of("a", "b")) {
            answered(call(id), 10, DONE);
            ran(id, 10);
        }
        assertThat(found()).isEmpty();
        unanswered(call("c"), 10);
        ran("c", 10);
        assertThat(found()).containsExactly(Kind.LIMIT_EXCEEDED);
    }

    @Test
    void whatIsSpentIsFoundByItsOwnName() {
        var budget = new Lot(Lot.Kind.BUDGET, "sess", 1);
        for (String id : List.of("a", "b")) {
            answered(call(id, budget), 10, DONE);
            ran(id, 10);
        }
        assertThat(found()).containsExactly(Kind.BUDGET_EXCEEDED);
    }

    @Test
    void callsCountInTheWindowInWhichTheyWereSentAndRan() {
        var window = new Lot(Lot.Kind.WINDOW, "agent:a", 1);
        long next = Lot.WINDOW_MILLIS;
        answered(call("a", window), 10, DONE);
        ran("a", 12);
        // Sent in one window, and run in the next: it was decided in one of the two.
        answered(call("b", window), next - 1, DONE);
        ran("b", next + 1);
        answered(call("c", window), next + 1, DONE);
        ran("c", next + 2);
        assertThat(found()).isEmpty();

        answered(call("d", window), next + 3, DONE);
        ran("d", next + 4);
        assertThat(found()).containsExactly(Kind.LIMIT_EXCEEDED);
    }
}
