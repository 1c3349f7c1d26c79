package io.agentpassport.server.upstream.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of a stream that ends each with LF or CRLF, bounded while they are read. */
final class BoundedLines {

    /** More came than may be taken. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("more than may be taken");
        }
    }

    private final InputStream in;
    private final int longest;
    private long left;
    private final byte[] buffer = new byte[8192];
    private int from;
    private int to;

    /**
     * Lines of a stream.
     *
     * @param longest
     *            of one line, in bytes
     * @param inAll
     *            of all lines, in bytes
     */
    BoundedLines(InputStream in, int longest, long inAll) {
        this.in = in;
        this.longest = longest;
        this.left = inAll;
    }

    /** The next line without its end, or null at the end of the stream; a last line without an end is none. */
    byte @Nullable [] next() throws IOException {
        var line = new ByteArrayOutputStream(256);
        while (true) {
            if (from == to) {
                to = in.read(buffer);
                from = 0;
                if (to < 0) {
                    to = 0;
                    return null;
                }
                left -= to;
                if (left < 0) {
                    throw new TooLong();
                }
            }
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            if (line.size() + (end - from) > longest) {
                throw new TooLong();
            }
            line.write(buffer, from, end - from);
            boolean complete = end < to;
            from = complete ? end + 1 : end;
            if (complete) {
                return withoutReturn(line.toByteArray());
            }
        }
    }

    private static byte[] withoutReturn(byte[] line) {
        return line.length > 0 && line[line.length - 1] == '\r' ? java.util.Arrays.copyOf(line, line.length - 1) : line;
    }

    /** All of a stream, at most that many bytes. */
    static byte[] all(InputStream in, int most) throws IOException {
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) {
            throw new TooLong();
        }
        return bytes;
    }
}
