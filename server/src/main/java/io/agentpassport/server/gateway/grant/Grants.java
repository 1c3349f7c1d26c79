package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.gateway.budget.BudgetRefusal;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionUnavailable;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.policy.LimitList;
import io.agentpassport.server.policy.Problem;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The grants of this node: who may call what. Made once, before the identity partitions are started. */
public final class Grants {

    /** Identities whose grants are in memory, some 2 KB each. */
    private static final int CACHED_IDENTITIES = 65_536;

    private final Partitions partitions;
    private final Predicate<String> isPolicy;
    private final GatewayLog log;
    private final NonceSource nonces;
    private final LiveGrants live = new LiveGrants(CACHED_IDENTITIES);

    /**
     * Makes them, and listens to the identity partitions.
     *
     * @param isPolicy
     *            whether there is a policy of an id
     */
    public Grants(Partitions partitions, Predicate<String> isPolicy, GatewayLog log, NonceSource nonces) {
        this.partitions = partitions;
        this.isPolicy = isPolicy;
        this.log = log;
        this.nonces = nonces;
        for (Partition partition : partitions.identities()) {
            partition.listen(live::committed);
        }
    }

    /** What making a grant answers. */
    public sealed interface MakeOutcome {}

    /** It is there, now or by the same request before. */
    public record Made(GrantStatus grant) implements MakeOutcome {}

    /** The terms cannot be. */
    public record Unacceptable(GrantTerms.Fault fault) implements MakeOutcome {}

    /** The terms give more than the grant above does. */
    public record Wider(GrantTerms.Fault fault) implements MakeOutcome {}

    /** There is no policy of that id. */
    public record PolicyUnknown(String policy) implements MakeOutcome {}

    /** There is no such grant to hang on, or the caller may not. */
    public record ParentUnknown() implements MakeOutcome {}

    /** The grant above was revoked, or its time is over. */
    public record ParentOver(GrantStatus.State state) implements MakeOutcome {}

    /** Subject and grant above live in partitions apart, which a chain cannot span. */
    public record Apart() implements MakeOutcome {}

    /** The subject holds as many grants as one may. */
    public record TooMany() implements MakeOutcome {}

    /** As many hang on the grant above as may. */
    public record TooManyBelow(int max) implements MakeOutcome {}

    /** The limits of its own are none. */
    public record LimitsInvalid(List<Problem> problems) implements MakeOutcome {

        public LimitsInvalid {
            problems = List.copyOf(problems);
        }
    }

    /**
     * The budget cannot be had.
     *
     * @param from
     *            the budget that it was to be carved out of; null for a root
     */
    public record Unfunded(BudgetRefusal reason, @Nullable BudgetSessionId from) implements MakeOutcome {}

    /** The request id was used for something else. */
    public record RequestReused() implements MakeOutcome {}

    /** Makes a root grant, for an admin. */
    public CompletableFuture<MakeOutcome> create(Identity subject, GrantTerms terms, String requestId,
            String admin) {
        return make(partitions.of(subject), subject, terms, null, GrantAuthor.admin(admin).text(), null, requestId);
    }

    /**
     * Makes a grant below another.
     *
     * @param delegator
     *            the agent that asks, which must be the subject of the parent; null for an admin
     * @param by
     *            the name of the admin, when one asks
     */
    public CompletableFuture<MakeOutcome> delegate(GrantId parent, Identity subject, GrantTerms terms,
            String requestId, @Nullable Identity delegator, String by) {
        Partition partition = partitions.byId(parent.partition());
        if (partition == null || partition == partitions.service()) {
            return CompletableFuture.completedFuture(new ParentUnknown());
        }
        if (partition != partitions.of(subject)) {
            return CompletableFuture.completedFuture(new Apart());
        }
        return make(partition, subject, terms, parent,
                (delegator == null ? GrantAuthor.admin(by) : GrantAuthor.of(delegator)).text(),
                delegator, requestId);
    }

    private CompletableFuture<MakeOutcome> make(Partition partition, Identity subject, GrantTerms terms,
            @Nullable GrantId parent, String by, @Nullable Identity delegator, String requestId) {
        String policy = terms.policy();
        if (policy != null && !isPolicy.test(policy)) {
            // Whoever names no grant of its own is not told which policies there are.
            return CompletableFuture.completedFuture(
                    parent == null || mayPassOn(parent, partition, delegator) ? new PolicyUnknown(policy)
                            : new ParentUnknown());
        }
        if (LimitList.read(terms.limits()) instanceof LimitList.Invalid invalid) {
            return CompletableFuture.completedFuture(new LimitsInvalid(invalid.problems()));
        }
        return partition.submit(new NewGrant(GrantId.random(partition.id(), nonces), subject, terms, parent, by,
                delegator, requestId, nonces.bytes(NewGrant.RANDOM_BYTES), log));
    }

    private static boolean mayPassOn(GrantId parent, Partition partition, @Nullable Identity delegator) {
        StoredRow<GrantId, Grant> above = partition.get(GrantRows.GRANTS, parent);
        return above != null && (delegator == null || delegator.equals(above.value().subject()));
    }

    /**
     * Revokes a grant and all that hang on it, in force when answered.
     *
     * @param agent
     *            the agent that asks, for grants that hang on one of its own; null for an admin
     * @param reason
     *            at most {@link GrantRevocation#MAX_REASON_CHARACTERS}
     * @return null when there is none, or none that the caller may revoke; exceptionally with {@link PartitionUnavailable}
     */
    public CompletableFuture<@Nullable GrantStatus> revoke(GrantId id, @Nullable Identity agent, String admin,
            String reason, String requestId) {
        Partition partition = partitions.byId(id.partition());
        if (partition == null) {
            return CompletableFuture.completedFuture(null);
        }
        String by = (agent == null ? GrantAuthor.admin(admin) : GrantAuthor.of(agent)).text();
        return partition
                .submit(new EndGrant(id, by, agent, reason, requestId, nonces.bytes(16), log));
    }

    /**
     * A grant, whatever its state, or null. Reads the store.
     *
     * @param agent
     *            the agent that asks, for grants that it is the subject of or that hang on one; null for an admin
     */
    public @Nullable GrantStatus get(GrantId id, @Nullable Identity agent, Instant now) {
        Partition partition = partitions.byId(id.partition());
        StoredRow<GrantId, Grant> row = partition == null ? null : partition.get(GrantRows.GRANTS, id);
        if (partition == null || row == null) {
            return null;
        }
        Grant grant = row.value();
        return agent == null || grant.subject().equals(agent) || hangsOnOneOf(agent, grant, partition)
                ? status(grant, partition, now)
                : null;
    }

    private static boolean hangsOnOneOf(Identity agent, Grant grant, Partition partition) {
        return grant.above()
                .stream()
                .map(above -> partition.get(GrantRows.GRANTS, above))
                .anyMatch(
                        row -> row != null && row.value().subject().equals(agent));
    }

    static GrantStatus status(Grant grant, Partition partition, Instant now) {
        return GrantStatus.of(grant, now, id -> {
            StoredRow<GrantId, GrantRevocation> row = partition.get(GrantRows.REVOCATIONS, id);
            return row == null ? null : row.value();
        });
    }

    /**
     * Lists grants, see {@link GrantListing}.
     *
     * @param size
     *            how many at most, 1 to {@link ListPage#MAX_SIZE}
     * @param token
     *            of the page before, for the same query; empty begins
     * @return null when the token is not one of that query
     */
    public @Nullable ListPage<GrantStatus> list(GrantListing.Query query, int size, String token, Instant now) {
        return GrantListing.list(partitions, query, size, token, now);
    }

    /**
     * What an identity holds, if it is in memory, otherwise null; never reads the store.
     *
     * @param holder
     *            the identity, as {@link Identity#hashText()}
     */
    public @Nullable GrantsOf inMemory(String holder) {
        return live.inMemory(holder);
    }

    /** What an identity holds. Reads the store. */
    public GrantsOf load(Identity identity) {
        return live.load(identity, partitions.of(identity));
    }

    /** Whether that grant itself was revoked since what was loaded was loaded. */
    public boolean isRevoked(GrantId id) {
        return live.isRevoked(id);
    }
}
