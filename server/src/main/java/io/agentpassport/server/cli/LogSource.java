package io.agentpassport.server.cli;

import io.agentpassport.client.AuditLog;
import io.agentpassport.client.LogEntryRecord;
import io.agentpassport.client.Page;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.Watch;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.audit.LogDatabase;
import io.agentpassport.server.audit.LogExport;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the log of one partition is read: in the database of a service that is not running, or as a running one shows it,
 * which is believed only as far as it is proven.
 */
interface LogSource extends AutoCloseable {

    /** The newest entries, oldest first: at most so many. */
    Deque<LogEntryRecord> newest(int most, @Nullable String binding);

    /** Each entry from an index on, as it is appended, until that returns false; null is told when none came for a while. */
    void follow(long from, @Nullable String binding, Follower follower);

    /**
     * The lines of an export, one after another.
     *
     * @param opened with what is private
     * @param progress is told after each how many entries there are of how many
     */
    void export(boolean opened, Consumer<String> lines, Progress progress);

    @Override
    void close();

    /** Takes one entry, or null; answers whether to go on. */
    interface Follower {
        boolean next(@Nullable LogEntryRecord entry);
    }

    /** How far it is. */
    interface Progress {
        void at(long entries, long of);
    }

    /**
     * That of the server that is named; else, that of the data folder: by its database, or by its server when that has it open.
     *
     * @param kept a file with a checkpoint from before, which is replaced by the newest; null for none
     */
    static LogSource of(CliContext context, AdminOptions at, LogKeyOptions keys, PartitionId id,
            @Nullable Path kept) {
        LogDatabase database = kept == null ? database(context, at) : null;
        if (database != null) {
            return new Stored(LogKeyOptions.folder(context, at.data), database, id);
        }
        LogKey key = keys.of(context, at.data);
        PassportClient client = at.openAsAdmin(context);
        try {
            AuditLog log = client.auditLog(key, id.toString());
            if (kept != null && Files.exists(kept)) {
                log.since(read(kept));
            }
            return new Shown(client, log, kept);
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /**
     * The partitions that have a log there, the service's own first.
     *
     * @param shown whether a server is to be asked in any case
     */
    static List<PartitionId> partitions(CliContext context, AdminOptions at, LogKeyOptions keys, boolean shown) {
        LogDatabase database = shown ? null : database(context, at);
        if (database != null) {
            try (database) {
                return database.partitions();
            }
        }
        LogKey key = keys.of(context, at.data);
        try (PassportClient client = at.openAsAdmin(context)) {
            return client.logPartitions(key).stream().map(LogSource::id).toList();
        }
    }

    /** The database of the data folder; null when a server was named, or has it open. */
    private static @Nullable LogDatabase database(CliContext context, AdminOptions at) {
        if (at.isNamed() || context.environment().containsKey("PASSPORT_SERVER")) {
            return null;
        }
        try {
            return LogDatabase.open(LogKeyOptions.folder(context, at.data).database());
        } catch (StoreException e) {
            if (e.reason() == StoreException.Reason.FOLDER_IN_USE) {
                return null;
            }
            throw e;
        }
    }

    /** The partition of that text. */
    static PartitionId id(String partition) {
        try {
            return PartitionId.parse(partition);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.unusable("--partition is 4 digits of lower-case hex, not " + partition);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw CommandFailure.unusable("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** A database that is open here. */
    record Stored(DataFolder folder, LogDatabase logs, PartitionId partition) implements LogSource {

        @Override
        public Deque<LogEntryRecord> newest(int most, @Nullable String binding) {
            var newest = new Newest(most);
            logs.entries(partition, binding, (entry, closed) -> newest.add(new LogEntryRecord(entry, closed)));
            return newest.entries;
        }

        @Override
        public void follow(long from, @Nullable String binding, Follower follower) {
            throw CommandFailure
                    .unusable("nothing is appended while the server does not run; start it, or leave out --follow");
        }

        @Override
        public void export(boolean opened, Consumer<String> lines, Progress progress) {
            long size = logs.size(partition);
            long[] done = {-1}; // the first line is the head
            logs.export(partition, LogKeyOptions.config(folder).service().binding(),
                    LogKeyOptions.keys(folder).log(), opened, line -> {
                        lines.accept(line);
                        progress.at(++done[0], size);
                    });
        }

        @Override
        public void close() {
            logs.close();
        }
    }

    /** A service that shows it. */
    record Shown(PassportClient client, AuditLog log, @Nullable Path kept) implements LogSource {

        private static final int PAGE = 100;
        private static final Duration STEP = Duration.ofSeconds(1);

        @Override
        public Deque<LogEntryRecord> newest(int most, @Nullable String binding) {
            long size = log.checkpoint().checkpoint().size();
            var newest = new Newest(most);
            long from = binding == null ? Math.max(0, size - most) : 0;
            String token = null;
            do {
                Page<LogEntryRecord> page = log.entries(from, binding, PAGE, token);
                page.items().forEach(newest::add);
                token = page.nextToken();
            } while (token != null);
            keep();
            return newest.entries;
        }

        @Override
        public void follow(long from, @Nullable String binding, Follower follower) {
            try (Watch<LogEntryRecord> watch = log.watch(from, binding)) {
                LogEntryRecord next;
                do {
                    next = watch.next(STEP);
                    if (next != null) {
                        keep();
                    }
                } while (follower.next(next));
            }
        }

        @Override
        public void export(boolean opened, Consumer<String> lines, Progress progress) {
            long[] of = new long[1];
            log.export(begun -> {
                of[0] = begun.checkpoint().size();
                lines.accept(LogExport.text(LogExport.head(begun.checkpoint(), begun.note(), opened)));
            }, record -> {
                LogEntry entry = record.entry();
                JsonObject line = LogExport.line(entry.json(), entry.leafHash(), opened ? record.closed() : null);
                lines.accept(LogExport.text(line));
                progress.at(entry.index() + 1, of[0]);
            });
            keep();
        }

        /** Keeps the newest checkpoint for the next time: whole, or as it was. */
        private void keep() {
            Path file = kept;
            if (file == null) {
                return;
            }
            NewFile.replace(file, to -> to.print(log.newest().note()));
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** The last of many. */
    final class Newest {
        private final int most;
        private final Deque<LogEntryRecord> entries = new ArrayDeque<>();

        Newest(int most) {
            this.most = most;
        }

        void add(LogEntryRecord entry) {
            entries.add(entry);
            if (entries.size() > most) {
                entries.remove();
            }
        }
    }
}
