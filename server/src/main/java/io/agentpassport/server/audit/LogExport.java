package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.TreeHash;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A log as lines of JSON, for keeping and for others to verify: first {@code {spec, origin, checkpoint, opened?}}, then for
 * each entry {@code {entry, leaf, private?, salt?}}, where an export that is opened has what each entry commits to.
 */
public final class LogExport {

    /** The kind and version of the first line. */
    public static final String SPEC = "agentpassport.logexport.v1";

    /** The longest line, in characters; an entry and its private members have 64 KiB each, and JSON escapes. */
    static final int MAX_LINE = 1 << 20;

    private static final JsonParser PARSER = JsonParser.with(new JsonLimits(4 * MAX_LINE, 64, 100_000, true, false));

    private LogExport() {}

    /**
     * The first line.
     *
     * @param opened whether what entries commit to goes with them
     */
    public static JsonObject head(Checkpoint checkpoint, String note, boolean opened) {
        JsonObject.Builder head = JsonObject.builder()
                .put("spec", SPEC)
                .put("origin", checkpoint.origin())
                .put("checkpoint", note);
        return (opened ? head.put("opened", JsonBoolean.TRUE) : head).build();
    }

    /** The line of an entry. */
    public static JsonObject line(JsonObject entry, TreeHash leaf, @Nullable PrivateMembers closed) {
        JsonObject.Builder line = JsonObject.builder().put("entry", entry).put("leaf", leaf.text());
        if (closed != null) {
            line.put("private", closed.members()).put("salt", closed.salt().text());
        }
        return line.build();
    }

    /** A line as text. */
    public static String text(JsonObject line) {
        return new String(Jcs.bytes(line), StandardCharsets.UTF_8);
    }

    /**
     * Verifies an export, which holds the entries of its own checkpoint and no others: any that stand behind them are signed
     * by nobody.
     *
     * @param logKey who must have signed its checkpoint
     * @param known an earlier checkpoint that must fit when it is of the same log; null when there is none
     * @throws IOException when it cannot be read
     */
    public static LogReport verify(BufferedReader lines, LogKey logKey, @Nullable Checkpoint known)
            throws IOException {
        JsonObject head = parsed(lines.readLine());
        String origin = head == null ? null : head.string("origin");
        String note = head == null ? null : head.string("checkpoint");
        if (head == null || origin == null || note == null || !SPEC.equals(head.string("spec"))) {
            var check = new LogCheck("", false, (level, index, hash) -> {});
            check.fault("line 1", "is not the head of an export: {spec, origin, checkpoint}");
            return check.report();
        }
        var check = new LogCheck(origin, JsonBoolean.TRUE.equals(head.get("opened")), (level, index, hash) -> {});
        switch (Checkpoint.open(note, logKey)) {
            case Checkpoint.Opened opened -> check.expectWhole("the checkpoint of line 1", opened.checkpoint());
            case Checkpoint.Refused refused -> check.fault("the checkpoint of line 1", said(refused));
        }
        if (known != null && known.origin().equals(origin)) {
            check.expect("the known checkpoint", known);
        }
        long number = 1;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            entry(check, "line " + number, line);
        }
        return check.report();
    }

    private static void entry(LogCheck check, String where, String line) {
        JsonObject json = parsed(line);
        JsonObject entry = json == null ? null : json.object("entry");
        TreeHash leaf = json == null ? null : TreeHash.fromText(json.string("leaf"));
        if (json == null || entry == null || leaf == null) {
            check.unreadable(where, "is not {entry, leaf}, or not JSON", leaf);
            return;
        }
        JsonObject members = json.object("private");
        Nonce salt = Nonce.fromText(json.string("salt"));
        boolean open = members != null && salt != null;
        if (!open && (json.has("private") || json.has("salt"))) {
            check.fault(where, "has private members without their salt of 16 bytes, or the salt without them");
        }
        check.entry(where, entry, members == null || salt == null ? null : new PrivateMembers(members, salt), leaf);
    }

    /** Why a checkpoint does not open, in words. */
    static String said(Checkpoint.Refused refused) {
        return switch (refused) {
            case CHECKPOINT_MALFORMED -> "is not a signed note of a log's name, size and root";
            case WRONG_ORIGIN -> "is of another service's log";
            case WRONG_LOG_KEY -> "has no signature by the log key";
            case CHECKPOINT_SIGNATURE_INVALID -> "is not what the log key signed";
        };
    }

    private static @Nullable JsonObject parsed(@Nullable String line) {
        if (line == null || line.length() > MAX_LINE) {
            return null;
        }
        return PARSER.parse(line.getBytes(StandardCharsets.UTF_8)) instanceof JsonParser.Parsed parsed
                ? parsed.object()
                : null;
    }
}
