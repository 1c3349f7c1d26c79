package io.agentpassport.server.crash;

import io.agentpassport.server.crash.Finding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether nothing ran on what was revoked before it was sent. */
final class RevocationCheck {

    private final Map<String, Operation<String>> revocations = new HashMap<>();

    RevocationCheck(Round round) {
        for (Bounded<?> bounded : round.bounded()) {
            Lot lot = bounded.lot();
            if (lot != null) {
                revocations.put(lot.id(), bounded.revoked());
            }
        }
        round.lives().forEach(life -> revocations.put(life.binding(), life.revocation()));
    }

    /** Whether somebody tried to revoke what a call stands on. */
    boolean mayBeRevoked(Call call) {
        Operation<String> revocation = of(call);
        return revocation != null && revocation.wasTried();
    }

    List<Finding> findings(List<Call> calls) {
        List<Finding> findings = new ArrayList<>();
        for (Call call : calls) {
            Operation<String> revocation = of(call);
            Told.@Nullable Acknowledged<String> revoked = revocation == null ? null : revocation.acknowledged();
            // What a budget paid stays paid: a call that was sent before its end is answered alike after it.
            if (revoked == null || (call.lot().kind() == Lot.Kind.BUDGET
                    && call.sent().told().stream().anyMatch(told -> told.sentAt() <= revoked.endedAt()))) {
                continue;
            }
            for (Told<Answer> told : call.sent().told()) {
                if (told.sentAt() > revoked.endedAt() && told instanceof Told.Acknowledged<Answer> answered
                        && answered.answer() instanceof Answer.Ran) {
                    findings.add(new Finding(Kind.REVOCATION_LOST, call.sent() + " was allowed after "
                            + revocation));
                }
            }
        }
        return findings;
    }

    private @Nullable Operation<String> of(Call call) {
        return revocations.get(call.lot().id());
    }
}
