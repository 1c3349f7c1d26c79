package io.agentpassport.server.audit;

import io.agentpassport.server.store.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The anchor of one partition, in two slots that are written in turn: when a write is torn, the one before it is there.
 * Each slot is {@code APANCHR1}, the number of the partition, the anchor, and an HMAC-SHA256 over them. Written by one
 * thread; {@link #sync} by any.
 */
final class AnchorFile implements AutoCloseable {

    /** Far enough apart that no disk tears both. */
    private static final int SLOT_DISTANCE = 4096;
    private static final long MAGIC = 0x4150414e43485231L;
    private static final int MAC_BYTES = 32;
    private static final int SIGNED_BYTES = 2 * Long.BYTES + HeadAnchor.BYTES;
    private static final int SLOT_BYTES = SIGNED_BYTES + MAC_BYTES;

    private final FileChannel channel;
    private final PartitionId partition;
    private final Mac mac;
    private final @Nullable HeadAnchor atOpen;
    private final ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    private int next;
    private volatile boolean unsynced;

    private AnchorFile(FileChannel channel, PartitionId partition, byte[] key) throws IOException {
        this.channel = channel;
        this.partition = partition;
        this.mac = mac(key);
        HeadAnchor first = read(0);
        HeadAnchor second = read(1);
        boolean firstIsNewer = first != null && (second == null || first.seq() > second.seq());
        this.atOpen = firstIsNewer ? first : second;
        this.next = firstIsNewer ? 1 : 0;
    }

    /**
     * Opens the file, and makes it for its owner alone when it is not there.
     *
     * @param key
     *            32 bytes
     */
    static AnchorFile open(Path file, PartitionId partition, byte[] key) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileChannel channel = FileChannel.open(file, options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            return new AnchorFile(channel, partition, key);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The newest anchor that was there when it was opened; null when there was none that is whole. */
    @Nullable
    HeadAnchor atOpen() {
        return atOpen;
    }

    /** Writes over the older of the two; durable after {@link #sync}, against the end of this process at once. */
    void write(HeadAnchor anchor) throws IOException {
        slot.clear();
        slot.putLong(MAGIC).putLong(partition.number());
        anchor.encode(slot);
        mac.update(slot.array(), 0, SIGNED_BYTES);
        slot.put(mac.doFinal()).flip();
        long at = (long) next * SLOT_DISTANCE;
        while (slot.hasRemaining()) {
            channel.write(slot, at + slot.position());
        }
        next = 1 - next;
        unsynced = true;
    }

    /** Makes durable what was written since the last time. */
    void sync() throws IOException {
        if (unsynced) {
            unsynced = false;
            try {
                channel.force(false);
            } catch (IOException e) {
                unsynced = true;
                throw e;
            }
        }
    }

    /** Gives it up: what was written may be lost. */
    void closeWithoutSync() throws IOException {
        channel.close();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            sync();
        }
    }

    private @Nullable HeadAnchor read(int number) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES);
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = channel.read(bytes, (long) number * SLOT_DISTANCE + bytes.position());
        }
        if (bytes.hasRemaining()) {
            return null;
        }
        bytes.flip();
        mac.update(bytes.array(), 0, SIGNED_BYTES);
        byte[] expected = mac.doFinal();
        byte[] found = new byte[MAC_BYTES];
        bytes.get(SIGNED_BYTES, found);
        boolean ours = MessageDigest.isEqual(expected, found) && bytes.getLong() == MAGIC
                && bytes.getLong() == partition.number();
        return ours ? HeadAnchor.decode(bytes) : null;
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
