package io.agentpassport.server.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a disk, or whoever copies files, does to the write-ahead log of a database that is not open. */
enum LogDamage {
    /** One bit, in the middle. */
    ONE_BIT {
        @Override
        void to(Path log) throws IOException {
            byte[] bytes = Files.readAllBytes(log);
            bytes[bytes.length / 2] ^= 0x10;
            Files.write(log, bytes);
        }
    },
    /** The end is missing. */
    CUT {
        @Override
        void to(Path log) throws IOException {
            truncate(log, Files.size(log) * 3 / 4);
        }
    },
    /** The last records are missing, and none is cut in two. */
    CUT_BETWEEN_RECORDS {
        @Override
        void to(Path log) throws IOException {
            List<Integer> ends = ends(Files.readAllBytes(log));
            truncate(log, ends.get(ends.size() * 3 / 4));
        }
    },
    /** The end was never written, as after a loss of power. */
    ZEROED_END {
        @Override
        void to(Path log) throws IOException {
            byte[] bytes = Files.readAllBytes(log);
            Arrays.fill(bytes, bytes.length * 3 / 4, bytes.length, (byte) 0);
            Files.write(log, bytes);
        }
    },
    /** The file is gone. */
    DELETED {
        @Override
        void to(Path log) throws IOException {
            Files.delete(log);
        }
    };

    private static final int BLOCK = 32 * 1024;
    /** Checksum, length, type. */
    private static final int HEADER = 4 + 2 + 1;
    private static final int WHOLE_RECORD = 1;
    private static final int LAST_OF_RECORD = 4;

    abstract void to(Path log) throws IOException;

    /** Does it, where only a bug can make it fail. */
    void happen(Path log) {
        try {
            to(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void truncate(Path log, long size) throws IOException {
        try (FileChannel open = FileChannel.open(log, StandardOpenOption.WRITE)) {
            open.truncate(size);
        }
    }

    /** Where records end: a log is blocks of 32 KiB, each with parts of records behind a header, and none across two. */
    private static List<Integer> ends(byte[] log) {
        ByteBuffer bytes = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> ends = new ArrayList<>();
        int at = 0;
        while (at + HEADER <= log.length) {
            int leftInBlock = BLOCK - at % BLOCK;
            if (leftInBlock < HEADER) {
                at += leftInBlock;
                continue;
            }
            int length = bytes.getShort(at + 4) & 0xffff;
            int type = log[at + 6];
            at += HEADER + length;
            if (type == WHOLE_RECORD || type == LAST_OF_RECORD) {
                ends.add(at);
            }
        }
        return ends;
    }
}
