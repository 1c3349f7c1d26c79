package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.ConsistencyProof;
import io.agentpassport.core.receipt.InclusionProof;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.proto.v1.AuditServiceGrpc;
import io.agentpassport.proto.v1.GetCheckpointRequest;
import io.agentpassport.proto.v1.GetConsistencyProofRequest;
import io.agentpassport.proto.v1.GetConsistencyProofResponse;
import io.agentpassport.proto.v1.GetInclusionProofRequest;
import io.agentpassport.proto.v1.GetInclusionProofResponse;
import io.agentpassport.proto.v1.GetLogKeyRequest;
import io.agentpassport.proto.v1.GetLogKeyResponse;
import io.agentpassport.proto.v1.ListEntriesRequest;
import io.agentpassport.proto.v1.ListEntriesResponse;
import io.agentpassport.proto.v1.WatchEntriesRequest;
import io.agentpassport.wire.ErrorReason;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of one partition, as the service shows it, and believed only as far as it is proven by the log key that is known
 * from elsewhere: checkpoints are signed, each one is consistent with the one before, every entry is in the tree of one,
 * and whoever sees all entries, as an admin does, is shown them without a gap. What does not verify is a PROTOCOL_VIOLATION.
 * One thread at a time.
 */
public final class AuditLog {

    private static final JsonParser ENTRY = JsonParser.with(JsonLimits.LOG_ENTRY);
    private static final int PAGE = 100;

    private final Asking asking;
    private final LogKey key;
    private final String partition;
    private final boolean seesAll;
    private Noted newest;

    /**
     * A checkpoint with its signature.
     *
     * @param note the signed note, to be kept outside of the service
     */
    public record Noted(Checkpoint checkpoint, String note) {}

    /** @param seesAll whether every entry is shown to the caller, who then is told of none that is left out */
    AuditLog(Asking asking, LogKey key, String partition, boolean seesAll) {
        this.asking = asking;
        this.key = key;
        this.partition = partition;
        this.seesAll = seesAll;
        this.newest = new Noted(new Checkpoint(key.origin(partition), 0, MerkleTree.EMPTY_ROOT), "");
    }

    /**
     * The partitions that have a log, the service's own (0000) first.
     *
     * @throws PassportException as PROTOCOL_VIOLATION when the service's logs are not signed by that key
     */
    static List<String> partitions(Asking asking, LogKey key) {
        GetLogKeyResponse answer = logKey(asking);
        if (!answer.getLogPubkeyHex().equals(key.key().hex()) || !answer.getAudience().equals(key.audience())) {
            throw PassportException.protocolViolation("the logs there are of " + answer.getAudience() + ", signed by "
                    + answer.getLogPubkeyHex() + "; expected " + key.audience() + " and " + key.key().hex());
        }
        return List.copyOf(answer.getPartitionsList());
    }

    /** The partitions that there are, as the service says. */
    static List<String> partitions(Asking asking) {
        return List.copyOf(logKey(asking).getPartitionsList());
    }

    private static GetLogKeyResponse logKey(Asking asking) {
        return asking.ask(AuditServiceGrpc.getGetLogKeyMethod(), GetLogKeyRequest.getDefaultInstance());
    }

    /**
     * Remembers a checkpoint that was kept: what the service shows must go on from there.
     *
     * @throws PassportException as LOCAL when it is not one of this log, signed by the log key
     */
    public AuditLog since(String note) {
        if (!(Checkpoint.open(note, key) instanceof Checkpoint.Opened opened)
                || !opened.checkpoint().origin().equals(key.origin(partition))) {
            throw PassportException.local("the checkpoint that was kept is not one of " + key.origin(partition)
                    + ", signed by its key");
        }
        newest = new Noted(opened.checkpoint(), note);
        return this;
    }

    /** The newest checkpoint that was proven; that of nothing, without a note, before the first. */
    public Noted newest() {
        return newest;
    }

    /** The newest checkpoint there is, proven to go on from the one before. */
    public Noted checkpoint() {
        String note = asking.ask(AuditServiceGrpc.getGetCheckpointMethod(),
                GetCheckpointRequest.newBuilder().setPartition(partition).build()).getCheckpoint();
        Noted seen = newest;
        Noted shown = accept(note);
        if (shown.checkpoint.size() < seen.checkpoint.size()) {
            throw PassportException.protocolViolation("the log " + shown.checkpoint.origin() + " was cut: it has "
                    + shown.checkpoint.size() + " entries, and " + seen.checkpoint.size() + " were seen before");
        }
        return shown;
    }

    private Noted accept(String note) {
        if (note.equals(newest.note)) {
            return newest;
        }
        Checkpoint.Opening opening = Checkpoint.open(note, key);
        if (!(opening instanceof Checkpoint.Opened opened)) {
            throw PassportException.protocolViolation("the service's checkpoint is not to be believed: " + opening);
        }
        Checkpoint shown = opened.checkpoint();
        if (!shown.origin().equals(key.origin(partition))) {
            throw PassportException.protocolViolation("the service showed a checkpoint of " + shown.origin());
        }
        Checkpoint before = newest.checkpoint;
        boolean later = shown.size() >= before.size();
        if (before.size() > 0 && !(later ? goesOn(before, shown) : goesOn(shown, before))) {
            throw PassportException.protocolViolation("the log " + shown.origin() + " was rewritten: its tree of "
                    + shown.size() + " entries does not go with the one of " + before.size() + " that was seen before");
        }
        // One that is older was on its way while a newer one was seen.
        var accepted = new Noted(shown, note);
        if (later) {
            newest = accepted;
        }
        return accepted;
    }

    /** Whether the later tree begins with the earlier one. */
    private boolean goesOn(Checkpoint first, Checkpoint second) {
        if (first.size() == 0 || first.size() == second.size()) {
            return first.size() == 0 || first.root().equals(second.root());
        }
        GetConsistencyProofResponse answer;
        try {
            answer = asking.ask(AuditServiceGrpc.getGetConsistencyProofMethod(),
                    GetConsistencyProofRequest.newBuilder()
                            .setPartition(partition)
                            .setFirstSize(first.size())
                            .setSecondSize(second.size())
                            .build());
        } catch (PassportException e) {
            if (e.errorReason() == ErrorReason.LOG_INDEX_OUT_OF_RANGE) {
                // It knows nothing of a tree that it signed.
                return false;
            }
            throw e;
        }
        return answer.getProofCount() <= MerkleTree.MAX_PATH + 1
                && new ConsistencyProof(first.size(), second.size(), hashes(answer.getProofList()))
                        .verifies(first.root(), second.root());
    }

    /**
     * A page of entries, oldest first, each proven to be in the tree of the newest checkpoint. Where nothing is filtered they
     * stand without a gap, from the first index on, and up to the size that the log had when it was asked.
     *
     * @param from the first index
     * @param binding only entries about this agent; null for all that the caller may see
     * @param pageSize how many at most, 1 to 100; 0 for 50
     * @param pageToken of the page before, which had the same filters; null begins
     */
    public Page<LogEntryRecord> entries(long from, @Nullable String binding, int pageSize,
            @Nullable String pageToken) {
        PlacedToken asked = pageToken == null ? new PlacedToken(from, "") : PlacedToken.read(pageToken);
        boolean whole = seesAll && binding == null;
        Checkpoint tree = checkpoint().checkpoint;
        long sizeBefore = tree.size();
        ListEntriesResponse page = list(from, binding, pageSize, asked.token());
        List<LogEntryRecord> entries = page.getEntriesList().stream().map(AuditLog::read).toList();
        long next = asked.next();
        for (LogEntryRecord entry : entries) {
            if (entry.entry().index() >= tree.size()) {
                tree = checkpoint().checkpoint;
            }
            if (whole) {
                requireNext(entry, next);
            }
            requireIncluded(entry, tree);
            next = entry.entry().index() + 1;
        }
        String token = page.getNextPageToken();
        if (whole && token.isEmpty() && next < sizeBefore) {
            throw leftOut(next);
        }
        return new Page<>(entries, token.isEmpty() ? null : new PlacedToken(next, token).text());
    }

    private static void requireNext(LogEntryRecord entry, long next) {
        if (entry.entry().index() != next) {
            throw leftOut(next);
        }
    }

    private static PassportException leftOut(long index) {
        return PassportException.protocolViolation("the service left out entry " + index);
    }

    /**
     * Every entry of the log up to now, from the first on; the root is recomputed of them.
     *
     * @param begun is told of the checkpoint, before the first entry
     * @param entries takes one after another; what it took is proven when this returns
     * @throws PassportException also when the caller does not see the whole log, as an admin does
     */
    public Noted export(Consumer<Noted> begun, Consumer<LogEntryRecord> entries) {
        Noted end = checkpoint();
        begun.accept(end);
        CompactRange range = CompactRange.EMPTY;
        String token = null;
        while (range.size() < end.checkpoint.size()) {
            ListEntriesResponse page = list(0, null, PAGE, token == null ? "" : token);
            for (var message : page.getEntriesList()) {
                if (range.size() == end.checkpoint.size()) {
                    break;
                }
                LogEntryRecord entry = read(message);
                requireNext(entry, range.size());
                range = range.append(entry.entry().leafHash());
                entries.accept(entry);
            }
            token = WireValues.orNull(page.getNextPageToken());
            if (token == null && range.size() < end.checkpoint.size()) {
                throw leftOut(range.size());
            }
        }
        if (!range.root().equals(end.checkpoint.root())) {
            throw PassportException.protocolViolation("the entries are not those of the checkpoint: their root is "
                    + range.root().text() + ", and the signed one " + end.checkpoint.root().text());
        }
        return end;
    }

    /**
     * Follows the log: the entries from an index on, then each that is appended, all proven, and without a gap where nothing
     * is filtered.
     *
     * @param binding only entries about this agent; null for all that the caller may see
     */
    public Watch<LogEntryRecord> watch(long from, @Nullable String binding) {
        var next = new AtomicLong(from);
        return Watch.of(asking, AuditServiceGrpc.getWatchEntriesMethod(),
                last -> WatchEntriesRequest.newBuilder()
                        .setPartition(partition)
                        .setFromIndex(last == null ? from : last.getEntry().getIndex() + 1)
                        .setBinding(binding == null ? "" : binding)
                        .build(),
                told -> {
                    LogEntryRecord entry = read(told.getEntry());
                    if (seesAll && binding == null) {
                        requireNext(entry, next.getAndIncrement());
                    }
                    requireIncluded(entry, accept(told.getCheckpoint()).checkpoint);
                    return entry;
                });
    }

    private ListEntriesResponse list(long from, @Nullable String binding, int pageSize, String pageToken) {
        return asking.ask(AuditServiceGrpc.getListEntriesMethod(), ListEntriesRequest.newBuilder()
                .setPartition(partition)
                .setFromIndex(from)
                .setBinding(binding == null ? "" : binding)
                .setPageSize(pageSize)
                .setPageToken(pageToken)
                .build());
    }

    private void requireIncluded(LogEntryRecord record, Checkpoint tree) {
        LogEntry entry = record.entry();
        if (entry.index() >= tree.size()) {
            throw PassportException.protocolViolation("entry " + entry.index() + " is not in the tree of "
                    + tree.size() + " entries");
        }
        GetInclusionProofResponse answer = asking.ask(AuditServiceGrpc.getGetInclusionProofMethod(),
                GetInclusionProofRequest.newBuilder()
                        .setPartition(partition)
                        .setIndex(entry.index())
                        .setTreeSize(tree.size())
                        .build());
        if (answer.getPathCount() > MerkleTree.MAX_PATH
                || !new InclusionProof(entry.index(), tree.size(), hashes(answer.getPathList()))
                        .verifies(entry.leafHash(), tree.root())) {
            throw PassportException.protocolViolation("entry " + entry.index() + " is not what the log "
                    + tree.origin() + " holds there");
        }
    }

    /** The entry of a message, which is canonical, at its index, and commits to what is private. */
    private static LogEntryRecord read(io.agentpassport.proto.v1.LogEntry message) {
        byte[] bytes = message.getEntryJson().toByteArray();
        LogEntry entry = ENTRY.parse(bytes) instanceof JsonParser.Parsed parsed
                ? LogEntry.fromJson(parsed.object())
                : null;
        if (entry == null || entry.index() != message.getIndex() || !Arrays.equals(Jcs.bytes(entry.json()), bytes)) {
            throw PassportException.protocolViolation("the service answered as entry " + message.getIndex()
                    + " what is none");
        }
        if (message.getPrivateJson().isEmpty()) {
            return new LogEntryRecord(entry, null);
        }
        if (ENTRY.parse(message.getPrivateJson().toByteArray()) instanceof JsonParser.Parsed parsed
                && message.getPrivateSalt().size() == Nonce.BYTES) {
            var closed = new PrivateMembers(parsed.object(), Nonce.of(message.getPrivateSalt().toByteArray()));
            if (entry.commitsTo(closed)) {
                return new LogEntryRecord(entry, closed);
            }
        }
        throw PassportException.protocolViolation("what is private of entry " + message.getIndex()
                + " is not what the entry commits to");
    }

    private static List<TreeHash> hashes(List<ByteString> list) {
        return list.stream().map(hash -> {
            if (hash.size() != TreeHash.BYTES) {
                throw PassportException.protocolViolation("the service answered a hash of " + hash.size() + " bytes");
            }
            return TreeHash.of(hash.toByteArray());
        }).toList();
    }
}
