package io.agentpassport.core.receipt;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a log, as anybody may see it: {@code {spec, index, time, kind, ..., private_commitment}}. The members between
 * depend on the kind. What is not for everybody is in it as a salted commitment alone.
 *
 * @param json the entry, whole and as it was appended
 * @param index its place in the log, from 0
 * @param timeMillis when it was decided, unix milliseconds
 * @param kind what it tells of, such as {@code certificate_issued}
 */
public record LogEntry(JsonObject json, long index, long timeMillis, String kind) {

    /** The kind and version of the document. */
    public static final String SPEC = "agentpassport.log.v1";

    /** The member of an entry that tells how a call ended: the index of the entry that decided it. */
    public static final String SETTLES = "settles";

    /** The entry that a document is, or null when a member is missing or malformed. */
    public static @Nullable LogEntry fromJson(JsonObject json) {
        String commitment = json.string("private_commitment");
        String kind = json.string("kind");
        if (!SPEC.equals(json.string("spec")) || !isCount(json, "index") || !isCount(json, "time") || kind == null
                || kind.isEmpty() || commitment == null || commitment.length() != 2 * TreeHash.BYTES
                || !HexText.isLowerCase(commitment) || !settlesAnEarlierOne(json)) {
            return null;
        }
        return new LogEntry(json, count(json, "index"), count(json, "time"), kind);
    }

    /** An entry's hash as a leaf of the tree: of its canonical bytes. */
    public TreeHash leafHash() {
        return MerkleTree.leaf(Jcs.bytes(json));
    }

    /** The index of the entry that this one settles, or -1. */
    public long settles() {
        return json.has(SETTLES) ? count(json, SETTLES) : -1;
    }

    /** Whether the members and the salt are the ones that the entry commits to. */
    public boolean commitsTo(PrivateMembers opened) {
        return commitment(opened).equals(json.string("private_commitment"));
    }

    /**
     * The commitment to members that not everybody may see: {@code hex(SHA-256(JCS(members) || salt))}. Without the salt
     * nobody can try out what the members might be.
     */
    public static String commitment(PrivateMembers opened) {
        byte[] members = Jcs.bytes(opened.members());
        byte[] salted = Arrays.copyOf(members, members.length + Nonce.BYTES);
        System.arraycopy(opened.salt().toByteArray(), 0, salted, members.length, Nonce.BYTES);
        return HexText.encode(Digest.sha256(salted));
    }

    private static boolean settlesAnEarlierOne(JsonObject json) {
        return !json.has(SETTLES) || (isCount(json, SETTLES) && count(json, SETTLES) < count(json, "index"));
    }

    private static boolean isCount(JsonObject json, String member) {
        return json.get(member) instanceof JsonNumber number && number.isSafeInteger() && number.value() >= 0;
    }

    private static long count(JsonObject json, String member) {
        Double number = json.number(member);
        if (number == null) {
            throw new IllegalStateException("checked when it was made: " + member);
        }
        return number.longValue();
    }
}
