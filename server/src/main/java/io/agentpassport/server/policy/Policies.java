package io.agentpassport.server.policy;

import io.agentpassport.server.partition.Changes;
import io.agentpassport.server.partition.CommitListener;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.StoredRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The policies of the service. Reads of the newest versions are of a snapshot; a put is decided in the service partition,
 * and is in force when its future completes, since the snapshot is swapped before anyone is answered. Counters belong to a
 * policy's id and not to a version, so none is touched.
 */
public final class Policies implements CommitListener {

    /** The most policies. */
    public static final int MAX_POLICIES = 1_000;

    private final Partition service;
    private volatile PolicySnapshot current;

    private Policies(Partition service) {
        this.service = service;
        Map<String, PolicyVersion> newest = new HashMap<>();
        service.forEach(PolicyRows.NEWEST, KeyRange.all(), row -> {
            PolicyVersion version = stored(new PolicyRef(row.key(), row.value()));
            if (version != null) {
                newest.put(row.key(), version);
            }
        });
        this.current = new PolicySnapshot(newest);
    }

    /** Reads what is stored and listens to the service partition, which is not started yet. */
    public static Policies load(Partition service) {
        var policies = new Policies(service);
        service.listen(policies);
        return policies;
    }

    /** What is in force. */
    public PolicySnapshot current() {
        return current;
    }

    /** A version, in force or not; may read the store. Null when there is none. */
    public @Nullable PolicyVersion find(PolicyRef ref) {
        PolicyVersion newest = current.newest(ref.id());
        return newest != null && newest.ref().equals(ref) ? newest : stored(ref);
    }

    /**
     * Versions of a policy, newest first; reads the store.
     *
     * @param before
     *            only versions below this; {@link Long#MAX_VALUE} for all
     * @param most
     *            how many at most
     */
    public List<PolicyVersion> versions(String id, long before, int most) {
        PolicyVersion newest = current.newest(id);
        List<PolicyVersion> versions = new ArrayList<>();
        long version = newest == null ? 0 : Math.min(newest.ref().version(), before - 1);
        while (version > 0 && versions.size() < most) {
            PolicyVersion found = find(new PolicyRef(id, version--));
            if (found != null) {
                versions.add(found);
            }
        }
        return versions;
    }

    /** A document that somebody wants to put. See {@link PutPolicy} for its parts. */
    public record Draft(String requestId, String id, String text, PolicyFormat format, String putBy, String reason,
            long expectedVersion) {}

    /** What came of putting a document. */
    public sealed interface Outcome {}

    /**
     * It is in force.
     *
     * @param changed
     *            whether a version was made; not for a document equal to the newest, or a request that was repeated
     */
    public record InForce(PolicyVersion version, boolean changed) implements Outcome {}

    /** Nothing was changed: the document is not valid, or its tests fail. */
    public record Invalid(List<Problem> problems) implements Outcome {}

    /** Nothing was changed: the id is none, or words are too long. */
    public record Unacceptable(String field, String problem) implements Outcome {}

    /** Nothing was changed: there is no room for another policy. */
    public record TooMany(int max) implements Outcome {}

    /** Nothing was changed: another version is the newest; 0 when there is none. */
    public record Conflict(long newest) implements Outcome {}

    /** Nothing was changed: the request id put something else. */
    public record RequestIdReused() implements Outcome {}

    /** Puts a document as the newest version of its policy; it judges from the next call on. */
    public CompletableFuture<Outcome> put(Draft draft) {
        if (!PolicyRef.isId(draft.id())) {
            return CompletableFuture.completedFuture(new Unacceptable("policy_id",
                    "must be 1 to 64 of a-z 0-9 . _ -, beginning with a letter or a digit"));
        }
        if (draft.putBy().length() > PolicyVersion.MAX_WORDS_CHARACTERS
                || draft.reason().length() > PolicyVersion.MAX_WORDS_CHARACTERS) {
            return CompletableFuture.completedFuture(new Unacceptable("reason",
                    "must have at most " + PolicyVersion.MAX_WORDS_CHARACTERS + " characters"));
        }
        PolicySnapshot on = current;
        if (on.newest(draft.id()) == null && on.size() >= MAX_POLICIES) {
            return CompletableFuture.completedFuture(new TooMany(MAX_POLICIES));
        }
        return switch (PolicyParser.parse(draft.text(), draft.format())) {
            case PolicyParser.Invalid invalid ->
                CompletableFuture.completedFuture(new Invalid(invalid.problems()));
            case PolicyParser.Parsed parsed -> service.submit(new PutPolicy(draft.requestId(), draft.id(), draft.text(),
                    draft.format(), parsed.document(), draft.putBy(), draft.reason(), draft.expectedVersion()));
        };
    }

    /** Swaps the snapshot; on the writer's thread. */
    @Override
    public void committed(Changes changes) {
        Map<String, PolicyVersion> put = new TreeMap<>();
        changes.forEach(PolicyRows.VERSIONS, (ref, version, expiresAt) -> {
            if (version != null) {
                put.merge(ref.id(), version, (a, b) -> a.ref().version() > b.ref().version() ? a : b);
            }
        });
        if (!put.isEmpty()) {
            current = current.with(put);
        }
    }

    private @Nullable PolicyVersion stored(PolicyRef ref) {
        StoredRow<PolicyRef, PolicyVersion> row = service.get(PolicyRows.VERSIONS, ref);
        return row == null ? null : row.value();
    }
}
