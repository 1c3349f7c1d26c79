package io.agentpassport.server.store;

import io.agentpassport.server.store.StoreException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/** One open RocksDB database with the native handles it needs, opened and closed as a whole. */
final class RocksEngine implements AutoCloseable {

    /** 4 shards: enough for two cores, and each large enough for what it keeps. */
    private static final int CACHE_SHARD_BITS = 2;

    /** Waits until the write-ahead log is on the disk: nothing is acknowledged before. */
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final List<AutoCloseable> handles = new ArrayList<>();
    private final RocksDB db;

    static {
        RocksDB.loadLibrary();
    }

    private RocksEngine(Path folder, StoreLimits limits, boolean create) throws RocksDBException {
        try {
            DBOptions options = handle(databaseOptions(limits).setCreateIfMissing(create));
            ColumnFamilyOptions rows = handle(rowOptions(limits));
            List<ColumnFamilyHandle> families = new ArrayList<>();
            db = RocksDB.open(options, folder.toString(),
                    List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, rows)), families);
            handles.addAll(families);
        } catch (RocksDBException e) {
            closeHandles();
            throw e;
        }
    }

    /**
     * Opens the data folder, and makes it when it is not there.
     *
     * @throws StoreException
     *             with a reason and a message for a person
     */
    static RocksEngine open(Path folder, StoreLimits limits) {
        return open(folder, limits, prepare(folder));
    }

    /** Opens a data folder that was open before: one that has gone is not made anew, since its rows have gone with it. */
    static RocksEngine reopen(Path folder, StoreLimits limits) {
        if (!Files.exists(folder.resolve("CURRENT"))) {
            throw new StoreException(Reason.UNAVAILABLE,
                    "The data folder " + folder + " has gone: bring its disk back, or restore a backup", null);
        }
        return open(folder, limits, false);
    }

    /** Opens a data folder that has a database, and makes none. */
    static RocksEngine openExisting(Path folder, StoreLimits limits) {
        if (!Files.exists(folder.resolve("CURRENT"))) {
            throw new StoreException(Reason.NOT_A_DATA_FOLDER, "There is no database in " + folder
                    + ": start the service there once, or name the folder of its database", null);
        }
        return open(folder, limits, false);
    }

    private static RocksEngine open(Path folder, StoreLimits limits, boolean isNew) {
        RocksEngine engine;
        try {
            engine = new RocksEngine(folder, limits, isNew);
        } catch (RocksDBException e) {
            throw openFailure(folder, e);
        }
        try {
            engine.checkFormat(folder, isNew);
            return engine;
        } catch (RocksDBException e) {
            engine.close();
            throw failure("The data folder " + folder + " cannot be used", e);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    RocksDB db() {
        return db;
    }

    WriteOptions synced() {
        return synced;
    }

    /**
     * Writes what is there already, and waits until it is on the disk.
     *
     * @throws RocksDBException
     *             when the disk takes nothing
     */
    void proveWritable() throws RocksDBException {
        db.put(synced, Layout.FORMAT_KEY, db.get(Layout.FORMAT_KEY));
    }

    /** Whether a flush or a compaction failed: what is in memory may never come to the disk. */
    boolean failedInBackground() throws RocksDBException {
        return db.getLongProperty("rocksdb.background-errors") > 0;
    }

    /** Makes a copy of the database as it is now, in a folder that is not there yet; files that never change are shared. */
    void checkpoint(Path folder) throws RocksDBException {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(folder.toString());
        }
    }

    @Override
    public void close() {
        db.close();
        closeHandles();
    }

    /** What a failed call means to a person. */
    static StoreException failure(String what, RocksDBException e) {
        Status status = e.getStatus();
        boolean damaged = status != null && status.getCode() == Status.Code.Corruption;
        String advice = damaged
                ? "it is damaged; stop the service, keep a copy, and restore a backup"
                : "check that its disk is there, writable and not full";
        return new StoreException(damaged ? Reason.DAMAGED : Reason.UNAVAILABLE,
                what + ": " + advice + " (" + e.getMessage() + ")", e);
    }

    private static DBOptions databaseOptions(StoreLimits limits) {
        // Without it a log that was cut on a record boundary, zeroed or deleted opens cleanly. It has no Java setter.
        Properties properties = new Properties();
        properties.setProperty("track_and_verify_wals", "true");
        DBOptions options = DBOptions.getDBOptionsFromProps(properties);
        if (options == null) {
            throw new IllegalStateException("this RocksDB cannot verify its logs (track_and_verify_wals)");
        }
        return options.setCreateIfMissing(true)
                .setParanoidChecks(true)
                // Stops at the first damaged record instead of dropping it and going on after it.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                // Readers see a write only after its sync.
                .setEnablePipelinedWrite(false)
                .setDbWriteBufferSize(limits.writeBufferBytes())
                .setMaxTotalWalSize(2 * limits.writeBufferBytes())
                .setMaxOpenFiles(limits.openFiles())
                .setMaxBackgroundJobs(2)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(1 << 20);
    }

    private ColumnFamilyOptions rowOptions(StoreLimits limits) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(handle(new LRUCache(limits.blockCacheBytes(), CACHE_SHARD_BITS)))
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(handle(new BloomFilter(10)))
                // In parts: the filter of a whole file is larger than what a small cache keeps, and was read anew and
                // checked by every lookup.
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setPinTopLevelIndexAndFilter(true)
                .setBlockSize(8 << 10);
        return new ColumnFamilyOptions().setTableFormatConfig(table)
                .setWriteBufferSize(limits.writeBufferBytes() / 2)
                .setMaxWriteBufferNumber(2)
                // Much of what is written is deleted or written anew within seconds: the longer it waits, the less is
                // written again.
                .setLevel0FileNumCompactionTrigger(8)
                .setLevel0SlowdownWritesTrigger(24)
                .setLevel0StopWritesTrigger(40)
                // Most lookups are whether an id was used before, and most were not: a filter says so at once.
                .setMemtablePrefixBloomSizeRatio(0.1)
                .setMemtableWholeKeyFiltering(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true);
    }

    /** Makes the folder for its owner alone; says whether there was no database in it. */
    private static boolean prepare(Path folder) {
        try {
            boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
            FileAttribute<?>[] ownerOnly = posix
                    ? new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                    : new FileAttribute<?>[0];
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, ownerOnly);
            }
            if (Files.exists(folder.resolve("CURRENT"))) {
                return false;
            }
            try (Stream<Path> files = Files.list(folder)) {
                if (files.anyMatch(RocksEngine::isForeign)) {
                    throw new StoreException(Reason.NOT_A_DATA_FOLDER, "The folder " + folder
                            + " holds other files: name an empty folder, or one that does not exist yet", null);
                }
            }
            return true;
        } catch (IOException e) {
            throw new StoreException(Reason.UNAVAILABLE,
                    "The data folder " + folder + " cannot be made or read: check its path and permissions (" + e + ")",
                    e);
        }
    }

    /** RocksDB's own first files may be left by a process that died while it made the database. */
    private static boolean isForeign(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.matches("LOCK|IDENTITY|LOG|LOG\\.old.*|MANIFEST-.*|OPTIONS-.*|[0-9]+\\.(log|sst|dbtmp)");
    }

    private void checkFormat(Path folder, boolean isNew) throws RocksDBException {
        byte[] stored = db.get(Layout.FORMAT_KEY);
        if (stored == null && (isNew || isEmpty())) {
            byte[] format = ByteBuffer.allocate(Long.BYTES).putLong(Layout.FORMAT).array();
            db.put(synced, Layout.FORMAT_KEY, Layout.value(format, RowWrite.NEVER));
            return;
        }
        if (stored == null || stored.length != 2 * Long.BYTES) {
            throw new StoreException(Reason.NOT_A_DATA_FOLDER,
                    "The folder " + folder + " holds a database of something else: name another folder", null);
        }
        long format = ByteBuffer.wrap(Layout.payloadOf(stored)).getLong();
        if (format > Layout.FORMAT) {
            throw new StoreException(Reason.FORMAT_NEWER, "The data folder " + folder + " has format " + format
                    + ", and this version reads up to " + Layout.FORMAT + ": run the newer version that wrote it",
                    null);
        }
    }

    /** A process may have died between making the database and writing its format. */
    private boolean isEmpty() {
        try (var rows = db.newIterator()) {
            rows.seekToFirst();
            return !rows.isValid();
        }
    }

    private static StoreException openFailure(Path folder, RocksDBException e) {
        @Nullable
        String message = e.getMessage();
        if (message != null && message.toLowerCase(Locale.ROOT).contains("lock")
                && (message.contains("LOCK") || message.contains("lock hold"))) {
            return new StoreException(Reason.FOLDER_IN_USE, "The data folder " + folder
                    + " is in use by another process: stop that one first, or name another folder", e);
        }
        return failure("The data folder " + folder + " cannot be opened", e);
    }

    private <H extends AutoCloseable> H handle(H handle) {
        handles.add(handle);
        return handle;
    }

    private void closeHandles() {
        synced.close();
        for (AutoCloseable handle : handles.reversed()) {
            try {
                handle.close();
            } catch (Exception e) {
                throw new IllegalStateException("native handles close without failing", e);
            }
        }
        handles.clear();
    }
}
