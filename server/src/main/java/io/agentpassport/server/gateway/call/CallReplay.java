package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.audit.AuditLimits;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.audit.EntryPage;
import io.agentpassport.server.audit.EntryQuery;
import io.agentpassport.server.audit.LoggedEntry;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantStatus;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.policy.CallFacts;
import io.agentpassport.server.policy.FactPath;
import io.agentpassport.server.policy.ProofKind;
import io.agentpassport.server.policy.Simulation;
import io.agentpassport.server.policy.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judges calls of the past once more, as the log tells of them, with another document in the place of one policy. What the log
 * does not keep is not guessed: values of arguments (but for calls without any), the agent's grade and capabilities, and when
 * its session was established. Whoever answers for the agent is asked as of now.
 */
public final class CallReplay {

    /** How many entries one page looks at. */
    public static final int LOOKED_AT_PER_PAGE = 5_000;

    private final Grants grants;
    private final Function<Identity, String> principals;

    /** @param principals who answers for an identity; may read the store */
    public CallReplay(Grants grants, Function<Identity, String> principals) {
        this.grants = grants;
        this.principals = principals;
    }

    /**
     * Which calls.
     *
     * @param policy
     *            those that this policy judged
     * @param from
     *            the first instant; null begins with the log
     * @param to
     *            the last instant; null ends with the log
     */
    public record Piece(AuditLog log, String policy, @Nullable Instant from, @Nullable Instant to) {}

    /**
     * A call that would be judged otherwise.
     *
     * @param index
     *            where the log has it
     * @param wasRule
     *            null when no rule decided
     * @param wouldBe
     *            with a pointer into the other document
     */
    public record Difference(long index, Instant at, Identity agent, String tool, DecisionCode was,
            @Nullable String wasRule, Verdict wouldBe) {}

    /**
     * A page.
     *
     * @param examined
     *            how many calls were looked at
     * @param undecided
     *            how many of them cannot be judged
     * @param next
     *            the index to go on from
     * @param end
     *            whether that is the end of the piece
     */
    public record Page(List<Difference> differences, long examined, long undecided, long next, boolean end) {

        public Page {
            differences = List.copyOf(differences);
        }
    }

    /** The index of the first entry of a piece; entries are in the order of their times. */
    public long begin(Piece piece) {
        Instant from = piece.from();
        long least = 0;
        long most = from == null ? 0 : piece.log().newest().size();
        while (least < most) {
            long middle = (least + most) >>> 1;
            LoggedEntry entry = piece.log().entry(middle, false);
            if (entry != null && from != null && time(json(entry)).isBefore(from)) {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        return least;
    }

    /**
     * Judges the next calls. Reads the store.
     *
     * @param simulation
     *            goes on with it
     * @param index
     *            where to go on
     * @param size
     *            how many differences at most
     */
    public Page page(Piece piece, Simulation simulation, long index, int size) {
        var run = new Run(piece, simulation);
        long next = index;
        long looked = 0;
        while (looked < LOOKED_AT_PER_PAGE) {
            if (next >= piece.log().newest().size()) {
                return run.page(next, true);
            }
            EntryPage page = piece.log().entries(new EntryQuery(next, null, false), AuditLimits.MAX_PAGE);
            for (LoggedEntry entry : page.entries()) {
                if (run.differences.size() == size) {
                    return run.page(entry.index(), false);
                }
                if (!run.take(entry.index(), json(entry))) {
                    return run.page(entry.index(), true);
                }
                looked++;
            }
            next = page.next();
        }
        return run.page(next, false);
    }

    private static JsonObject json(LoggedEntry entry) {
        return Objects.requireNonNullElse(entry.members(), JsonObject.EMPTY);
    }

    private static Instant time(JsonObject entry) {
        Double millis = entry.number("time");
        return Instant.ofEpochMilli(millis == null ? 0 : millis.longValue());
    }

    /** One page in the making. */
    private final class Run {

        private final Piece piece;
        private final Simulation simulation;
        private final Map<String, Optional<Grant>> known = new HashMap<>();
        private final List<Difference> differences = new ArrayList<>();
        private long examined;
        private long undecided;

        Run(Piece piece, Simulation simulation) {
            this.piece = piece;
            this.simulation = simulation;
        }

        Page page(long next, boolean end) {
            return new Page(differences, examined, undecided, next, end);
        }

        /** Looks at an entry; false when it is beyond the piece. */
        boolean take(long index, JsonObject entry) {
            Instant at = time(entry);
            Instant to = piece.to();
            if (to != null && at.isAfter(to)) {
                return false;
            }
            PastCall call = PastCall.read(entry);
            if (call == null) {
                return true;
            }
            List<Optional<Grant>> chain = call.grants().stream().map(this::grant).toList();
            int ours = place(chain, piece.policy());
            if (ours < 0) {
                // Of a grant that is long over only what decided is known.
                if (!call.isBy(piece.policy())) {
                    return true;
                }
                ours = 0;
            }
            examined++;
            judge(index, at, call, chain, ours);
            return true;
        }

        private Optional<Grant> grant(String text) {
            return known.computeIfAbsent(text, id -> {
                GrantId named = GrantId.fromText(id);
                GrantStatus status = named == null ? null : grants.get(named, null, Instant.EPOCH);
                return Optional.ofNullable(status).map(GrantStatus::grant);
            });
        }

        private static int place(List<Optional<Grant>> chain, String policy) {
            for (int i = 0; i < chain.size(); i++) {
                if (chain.get(i).isPresent() && policy.equals(chain.get(i).get().terms().policy())) {
                    return i;
                }
            }
            return -1;
        }

        private void judge(long index, Instant at, PastCall call, List<Optional<Grant>> chain, int ours) {
            boolean byUs = call.isDecidedBy(piece.policy());
            Optional<Grant> grant = ours < chain.size() ? chain.get(ours) : Optional.empty();
            boolean stopped = call.code() != DecisionCode.ALLOWED && !byUs;
            Identity counted = grant.map(Grant::subject).orElse(call.agent());
            var recorded = new Simulation.RecordedCall(facts(call, grant, at), counted.toString(),
                    principals.apply(counted), unknown(call, grant.isPresent()),
                    call.approved(), stopped, call.code().name());
            switch (simulation.judge(recorded)) {
                case Simulation.Same same -> {
                    // Nothing to tell.
                }
                case Simulation.Undecided not -> undecided++;
                case Simulation.Differs differs -> {
                    Verdict wouldBe = differs.wouldBe();
                    boolean allowed = wouldBe.code().equals(Verdict.ALLOWED);
                    if (stopped && (allowed || !isEarlier(wouldBe, ours, call, chain))) {
                        return; // What stopped it would stop it still.
                    }
                    if (allowed && byUs && chain.size() > 1) {
                        undecided++; // The other policies of the chain were not all asked.
                        return;
                    }
                    differences.add(new Difference(index, at, call.agent(), call.tool().toString(), call.code(),
                            call.rule(), wouldBe));
                }
            }
        }

        /** Whether a denial would come before the one that was, in the order in which a chain is asked. */
        private static boolean isEarlier(Verdict verdict, int ours, PastCall call, List<Optional<Grant>> chain) {
            int phase = phase(DecisionCode.valueOf(verdict.code()));
            int was = phase(call.code());
            if (phase != was) {
                return phase < was;
            }
            String rule = call.rule();
            for (int i = 0; rule != null && i < ours; i++) {
                Optional<Grant> above = chain.get(i);
                if (above.isPresent() && (rule.startsWith(above.get().terms().policy() + "@")
                        || rule.startsWith(above.get().id().text() + "#"))) {
                    return false;
                }
            }
            return true;
        }

        private static int phase(DecisionCode code) {
            return switch (code) {
                case UNKNOWN_TOOL -> 0;
                case APPROVAL_REQUIRED -> 2;
                case LIMIT -> 3;
                case BUDGET -> 4;
                default -> 1;
            };
        }

        private CallFacts facts(PastCall call, Optional<Grant> grant, Instant at) {
            Identity agent = call.agent();
            return new CallFacts(String.valueOf(call.tool().upstream()), call.tool().name(), JsonObject.EMPTY,
                    JsonObject.builder()
                            .put("binding", agent.binding())
                            .put("issuer_domain", agent.issuerDomain())
                            .put("principal", principals.apply(agent))
                            .build(),
                    grant.map(Grant::facts).orElse(JsonObject.EMPTY),
                    JsonObject.builder().put("id", call.session()).build(), ProofKind.SIGNATURE, at);
        }

        private static Predicate<FactPath> unknown(PastCall call, boolean grantKnown) {
            return path -> switch (path.root()) {
                case ARGS -> !call.withoutArguments();
                case AGENT -> path.segments().isEmpty() || !List.of("binding", "issuer_domain", "principal")
                        .contains(path.segments().getFirst());
                case SESSION -> path.segments().isEmpty() || !path.segments().getFirst().equals("id");
                case GRANT -> !grantKnown;
                default -> false;
            };
        }
    }
}
