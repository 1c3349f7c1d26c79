package io.agentpassport.server.gateway.approval;

import io.agentpassport.server.gateway.approval.Approval.Request;
import io.agentpassport.server.gateway.approval.Approval.State;
import io.agentpassport.server.gateway.approval.ApprovalRows.Waiting;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.DuePlace;
import io.agentpassport.server.store.ListPlace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a deciding command asks about approvals. All of it reads and puts rows of the partition and nothing else. */
public final class ApprovalDesk {

    /** The most approvals that one agent may wait for. */
    public static final int MAX_WAITING = 10;

    private ApprovalDesk() {}

    /** Sees to it that what a call asks about is in memory. */
    public static void prefetch(RowReader rows, String digest, String holder) {
        rows.load(ApprovalRows.BY_DIGEST, digest);
        rows.load(ApprovalRows.WAITING, holder);
    }

    /** Whether an approval for that request lives: it waits, or was given and not used. */
    public static boolean lives(Rows rows, String digest) {
        Approval approval = find(rows, digest);
        State state = approval == null ? State.EXPIRED : approval.stateAt(rows.now());
        return state == State.PENDING || state == State.APPROVED;
    }

    /** The approval for that very question, whatever became of it, or null. */
    public static @Nullable Approval find(Rows rows, Request request) {
        Approval approval = find(rows, request.digest());
        return approval != null && approval.request().isFor(request) ? approval : null;
    }

    private static @Nullable Approval find(Rows rows, String digest) {
        ApprovalId id = rows.get(ApprovalRows.BY_DIGEST, digest);
        return id == null ? null : rows.get(ApprovalRows.APPROVALS, id);
    }

    /** Asks people; what was asked of the same request before, of other terms, ends. Null when too many wait already. */
    public static @Nullable Approval ask(Rows rows, ApprovalId id, Request request, Duration life) {
        Instant now = rows.now();
        Approval before = find(rows, request.digest());
        Waiting waiting = Objects.requireNonNullElse(rows.get(ApprovalRows.WAITING, request.holder()), Waiting.NONE);
        if (before != null) {
            waiting = waiting.without(before.id());
        }
        Approval approval = new Approval(id, request, List.of(), State.PENDING, now, now.plus(life));
        Waiting more = waiting.with(approval, now, MAX_WAITING);
        if (more == null) {
            return null;
        }
        if (before != null && before.stateAt(now) != State.EXPIRED) {
            put(rows, before.at(State.REVOKED));
        }
        rows.put(ApprovalRows.WAITING, request.holder(), more);
        rows.put(ApprovalRows.BY_DIGEST, request.digest(), id, approval.keptUntil());
        long at = now.toEpochMilli();
        rows.put(ApprovalRows.LISTS, new ListPlace<>(ListPlace.ALL_OF_THEM, at, id), request.holder(),
                approval.keptUntil());
        rows.put(ApprovalRows.LISTS, new ListPlace<>(request.holder(), at, id), request.holder(), approval.keptUntil());
        put(rows, approval);
        return approval;
    }

    /** When that agent can be asked about again though nobody decides: the first of those that wait is over. Null for none. */
    public static @Nullable Instant roomAt(Rows rows, String holder) {
        Waiting waiting = rows.get(ApprovalRows.WAITING, holder);
        return waiting == null ? null
                : waiting.entries()
                        .stream()
                        .map(Waiting.Entry::expiresAtMillis)
                        .filter(end -> end >= rows.now().toEpochMilli())
                        .min(Long::compare)
                        .map(end -> Instant.ofEpochMilli(end + 1))
                        .orElse(null);
    }

    /** Uses an approval that was given: in the commit that lets the call run, and so once. */
    public static void use(Rows rows, Approval approval) {
        if (approval.stateAt(rows.now()) != State.APPROVED) {
            throw new IllegalStateException("only what was approved is used");
        }
        put(rows, approval.at(State.USED));
    }

    private static DuePlace<ApprovalId> due(Approval approval) {
        return new DuePlace<>(Instant.ofEpochMilli(approval.expiresAt().toEpochMilli()), approval.id());
    }

    static void put(Rows rows, Approval approval) {
        rows.put(ApprovalRows.APPROVALS, approval.id(), approval, approval.keptUntil());
        if (approval.stage() == State.PENDING) {
            rows.put(ApprovalRows.DUE, due(approval), "", approval.keptUntil());
        } else {
            rows.delete(ApprovalRows.DUE, due(approval));
            Waiting waiting = rows.get(ApprovalRows.WAITING, approval.request().holder());
            Waiting rest = waiting == null ? Waiting.NONE : waiting.without(approval.id());
            if (!rest.entries().isEmpty()) {
                rows.put(ApprovalRows.WAITING, approval.request().holder(), rest);
            } else if (waiting != null) {
                // Whoever waits for nothing has no row: all of them are read for each watch that begins.
                rows.delete(ApprovalRows.WAITING, approval.request().holder());
            }
        }
    }
}
