package io.agentpassport.server.upstream.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The messages of a {@code text/event-stream} (HTML Living Standard, section 9.2), bounded while they are read. */
final class EventStream {

    private final BoundedLines lines;
    private final int longest;

    /** The events in lines; the data of one is bounded. */
    EventStream(BoundedLines lines, int longest) {
        this.lines = lines;
        this.longest = longest;
    }

    /** The data of the next message, or null at the end. */
    byte @Nullable [] next() throws IOException {
        var data = new ByteArrayOutputStream(256);
        boolean isMessage = true;
        boolean hasData = false;
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (line.length == 0) {
                if (hasData && isMessage) {
                    return data.toByteArray();
                }
                data.reset();
                hasData = false;
                isMessage = true;
            } else if (field(line, "event")) {
                isMessage = value(line, "event").equals("message");
            } else if (field(line, "data")) {
                int start = start(line, "data");
                if (data.size() + line.length - start + 1 > longest) {
                    throw new BoundedLines.TooLong();
                }
                if (hasData) {
                    data.write('\n');
                }
                data.write(line, start, line.length - start);
                hasData = true;
            }
        }
        return null;
    }

    private static boolean field(byte[] line, String name) {
        if (line.length < name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (line[i] != name.charAt(i)) {
                return false;
            }
        }
        return line.length == name.length() || line[name.length()] == ':';
    }

    private static int start(byte[] line, String name) {
        int at = Math.min(line.length, name.length() + 1);
        return at < line.length && line[at] == ' ' ? at + 1 : at;
    }

    private static String value(byte[] line, String name) {
        int start = start(line, name);
        return new String(line, start, line.length - start, StandardCharsets.UTF_8);
    }
}
