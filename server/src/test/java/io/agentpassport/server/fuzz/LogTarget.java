package io.agentpassport.server.fuzz;

import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.Receipt;
import java.nio.charset.StandardCharsets;

/** What is stored and shown of the log: entries, the head of the tree, checkpoints, receipts. */
public final class LogTarget {

    private static final JsonParser GATE = JsonParser.with(JsonLimits.LOG_ENTRY);
    private static final LogKey KEY = new LogKey("passport://localhost",
            Signer.fromSeed(new byte[Signer.SEED_BYTES]).publicKey());

    private LogTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        var unusedRange = CompactRange.decode(data);
        String text = new String(data, StandardCharsets.UTF_8);
        Checkpoint checkpoint = Checkpoint.parse(text);
        if (checkpoint != null && !checkpoint.equals(Checkpoint.parse(checkpoint.text()))) {
            throw new IllegalStateException("a checkpoint is another when it is read again");
        }
        var unusedNote = Checkpoint.open(text, KEY);
        if (GATE.parse(data) instanceof JsonParser.Parsed parsed) {
            LogEntry entry = LogEntry.fromJson(parsed.object());
            if (entry != null) {
                var unusedHash = entry.leafHash();
            }
            var unusedReceipt = Receipt.verify(parsed.object(), KEY);
        }
    }
}
