package io.agentpassport.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.GrantRecord;
import io.agentpassport.server.crash.Finding.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check of revocations, and that of the log that was shown, on histories that are made by hand. */
class RevocationCheckTest {

    private static final Answer.Ran DONE = new Answer.Ran("{}", "", true);

    private final History history = new History();

    private Call call(Lot.Kind kind) {
        var bounded = new Bounded<GrantRecord>(kind, 5, "grant");
        bounded.named("id");
        bounded.revoked().tell(new Told.Acknowledged<>(10, 20, "revoked"));
        history.grants().add(bounded);
        var call = new Call("a", "agent:a", new Lot(kind, "id", 5));
        history.calls().add(call);
        return call;
    }

    private List<Finding> found() {
        return new RevocationCheck(Round.whole(history)).findings(history.allCalls());
    }

    @Test
    void nothingMayBeAllowedThatWasSentAfterARevocationWasAnswered() {
        Call call = call(Lot.Kind.TOTAL);
        call.sent().tell(new Told.Acknowledged<>(19, 30, DONE));
        assertThat(found()).as("it was on its way").isEmpty();

        call.sent().tell(new Told.Acknowledged<>(21, 30, DONE));
        assertThat(found()).extracting(Finding::kind).containsExactly(Kind.REVOCATION_LOST);
    }

    @Test
    void whatABudgetPaidIsAnsweredAlsoAfterItsEndAndNothingNewIsPaid() {
        Call call = call(Lot.Kind.BUDGET);
        call.sent().tell(new Told.Acknowledged<>(5, 9, DONE));
        call.sent().tell(new Told.Acknowledged<>(21, 30, DONE));
        assertThat(found()).isEmpty();

        var late = new Call("b", "agent:a", call.lot());
        late.sent().tell(new Told.Acknowledged<>(21, 30, DONE));
        history.calls().add(late);
        assertThat(found()).extracting(Finding::kind).containsExactly(Kind.REVOCATION_LOST);
    }

    @Test
    void aRevocationThatWasNotAnsweredMayHold() {
        var bounded = new Bounded<GrantRecord>(Lot.Kind.TOTAL, 5, "grant");
        bounded.named("id");
        bounded.revoked().tell(new Told.Unanswered<>(10, 20, "gone"));
        history.grants().add(bounded);
        var call = new Call("a", "agent:a", new Lot(Lot.Kind.TOTAL, "id", 5));
        call.sent().tell(new Told.Acknowledged<>(21, 30, DONE));
        history.calls().add(call);

        assertThat(found()).isEmpty();
        assertThat(new RevocationCheck(Round.whole(history)).mayBeRevoked(call)).isTrue();
    }
}
