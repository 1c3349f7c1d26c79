package io.agentpassport.core.receipt;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.receipt.Receipt.Evidence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a receipt's document; members it does not know are let be, since nothing rests on them. */
final class ReceiptReader {

    private ReceiptReader() {}

    static Receipt.Parsing read(JsonObject json) {
        if (!Receipt.SPEC.equals(json.string("spec"))) {
            return malformed("/spec", "is " + Receipt.SPEC);
        }
        String checkpoint = json.string("checkpoint");
        if (checkpoint == null) {
            return malformed("/checkpoint", "is a signed note");
        }
        if (!(json.get("entries") instanceof JsonArray array) || array.values().isEmpty()
                || array.values().size() > Receipt.MAX_ENTRIES) {
            return malformed("/entries", "is an array of 1 to " + Receipt.MAX_ENTRIES);
        }
        var entries = new ArrayList<Evidence>();
        for (int i = 0; i < array.values().size(); i++) {
            String where = "/entries/" + i;
            if (!(array.values().get(i) instanceof JsonObject object)) {
                return malformed(where, "is an object");
            }
            JsonObject entry = object.object("entry");
            if (entry == null) {
                return malformed(where + "/entry", "is an object");
            }
            List<TreeHash> path = path(object.get("path"));
            if (path == null) {
                return malformed(where + "/path", "is an array of at most 53 hashes, each 32 bytes in base64");
            }
            PrivateMembers opened = opened(object);
            if (opened == null && (object.has("private") || object.has("salt"))) {
                return malformed(where + "/private", "is an object, with a salt of 16 bytes in base64 beside it");
            }
            entries.add(new Evidence(entry, path, opened));
        }
        return new Receipt.Parsed(new Receipt(entries, checkpoint));
    }

    private static @Nullable PrivateMembers opened(JsonObject object) {
        JsonObject members = object.object("private");
        Nonce salt = Nonce.fromText(object.string("salt"));
        return members == null || salt == null ? null : new PrivateMembers(members, salt);
    }

    private static @Nullable List<TreeHash> path(@Nullable JsonValue value) {
        List<String> texts = value instanceof JsonArray array ? array.strings() : null;
        if (texts == null || texts.size() > MerkleTree.MAX_PATH) {
            return null;
        }
        var path = new ArrayList<TreeHash>();
        for (String text : texts) {
            TreeHash hash = TreeHash.fromText(text);
            if (hash == null) {
                return null;
            }
            path.add(hash);
        }
        return path;
    }

    private static Receipt.Parsing malformed(String where, String detail) {
        return new Receipt.NotAReceipt(new Receipt.Refused(Receipt.Reason.RECEIPT_MALFORMED, where, detail));
    }
}
