package io.agentpassport.core.receipt;

import static io.agentpassport.core.Parties.key;
import static io.agentpassport.core.Parties.nonce;
import static io.agentpassport.core.Parties.signer;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.receipt.Receipt.Evidence;
import io.agentpassport.core.receipt.Receipt.Reason;
import io.agentpassport.core.receipt.Receipt.Refused;
import io.agentpassport.core.receipt.Receipt.Verified;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiptTest {

    private static final LogKey LOG = new LogKey("passport.example", key("log"));
    private static final PrivateMembers PRIVATE = new PrivateMembers(
            JsonObject.builder().put("approver", "alice").build(), nonce("salt"));
    private static final int SIZE = 21;
    private static final List<JsonObject> ENTRIES = entries();
    private static final NaiveTree TREE = new NaiveTree(ENTRIES.stream().map(Jcs::bytes).toList());
    private static final Receipt RECEIPT = receipt(evidence(3, null), evidence(8, PRIVATE));

    @Test
    void verifiesOfflineAfterTravellingAsText() {
        byte[] text = Jcs.bytes(RECEIPT.json());
        JsonObject received = ((JsonParser.Parsed) JsonParser.with(JsonLimits.SIGNED_DOCUMENT).parse(text)).object();

        assertThat(Receipt.verify(received, LOG)).isInstanceOfSatisfying(Verified.class, verified -> {
            assertThat(verified.entries()).extracting(LogEntry::index).containsExactly(3L, 8L);
            assertThat(verified.checkpoint().size()).isEqualTo(SIZE);
        });
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        refused(receipt(changed(3)), Reason.ROOT_MISMATCH, "/entries/0");
        refused(receipt(evidence(3, null), changed(8)), Reason.ROOT_MISMATCH, "/entries/1");
        refused(receipt(evidence(8, null), evidence(4, null)), Reason.ENTRIES_OUT_OF_ORDER, "/entries/1/entry/index");
        refused(receipt(evidence(3, null), evidence(3, null)), Reason.ENTRIES_OUT_OF_ORDER, "/entries/1/entry/index");
        refused(receipt(evidence(4, null), evidence(8, null)), Reason.SETTLES_ANOTHER, "/entries/1/entry/settles");
        refused(receipt(with(evidence(3, null), "spec", "x")), Reason.ENTRY_MALFORMED, "/entries/0/entry");
        refused(receipt(with(evidence(3, null), "private_commitment", "00")), Reason.ENTRY_MALFORMED,
                "/entries/0/entry");
        Evidence three = evidence(3, null);
        refused(receipt(new Evidence(three.entry(), three.path().subList(1, 5), null)), Reason.PATH_LENGTH_WRONG,
                "/entries/0/path");
        refused(receipt(new Evidence(entry(SIZE, "x"), three.path(), null)), Reason.INDEX_OUT_OF_RANGE,
                "/entries/0/entry/index");
        refused(receipt(new Evidence(three.entry(), three.path(), PRIVATE)), Reason.COMMITMENT_MISMATCH,
                "/entries/0/private");
    }

    @Test
    void saysWhatIsWrongWithItsCheckpoint() {
        assertThat(RECEIPT.verify(new LogKey("passport.example", key("other")))).isInstanceOfSatisfying(Refused.class,
                refused -> assertThat(refused.reason()).isEqualTo(Reason.WRONG_LOG_KEY));
        assertThat(RECEIPT.verify(new LogKey("other.example", key("log")))).isInstanceOfSatisfying(Refused.class,
                refused -> assertThat(refused.reason()).isEqualTo(Reason.WRONG_ORIGIN));
        refused(new Receipt(RECEIPT.entries(), "x"), Reason.CHECKPOINT_MALFORMED, "/checkpoint");
        refused(new Receipt(RECEIPT.entries(), RECEIPT.checkpoint().replace("\n21\n", "\n22\n")),
                Reason.CHECKPOINT_SIGNATURE_INVALID, "/checkpoint");
    }

    @Test
    void aSettlementAloneStandsForItself() {
        assertThat(receipt(evidence(8, null)).verify(LOG)).isInstanceOf(Verified.class);
    }

    @Test
    void saysWhereADocumentIsNoReceipt() {
        JsonObject json = RECEIPT.json();

        malformed(json.with("spec", new JsonString("x")), "/spec");
        malformed(json.without("checkpoint"), "/checkpoint");
        malformed(json.without("entries"), "/entries");
        malformed(json.with("entries", new JsonArray(List.of())), "/entries");
        malformed(JsonObject.builder()
                .put("spec", Receipt.SPEC)
                .put("checkpoint", "x")
                .put("entries", List.of("x"))
                .build(), "/entries/0");
        for (String member : List.of("entry", "path")) {
            malformed(json.with("entries", new JsonArray(
                    List.of(evidenceJson(json, 0).without(member)))), "/entries/0/" + member);
        }
        malformed(json.with("entries",
                new JsonArray(List.of(evidenceJson(json, 1).without("salt")))),
                "/entries/0/private");
    }

    @Test
    void noBitOfTheEntriesOrPathsCanBeChanged() {
        long seed = 6_962;
        var random = new SplittableRandom(seed);
        byte[] text = Jcs.bytes(RECEIPT.json());
        JsonParser parser = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = text.clone();
            damaged[random.nextInt(text.length)] ^= (byte) (1 << random.nextInt(8));
            if (parser.parse(damaged) instanceof JsonParser.Parsed parsed
                    && Receipt.verify(parsed.object(), LOG) instanceof Verified verified) {
                // A member of another name is not looked at; what was verified is what was there.
                assertThat(verified.entries()).as("seed %d, round %d", seed, round)
                        .extracting(LogEntry::json)
                        .containsExactly(ENTRIES.get(3), ENTRIES.get(8));
            }
        }
    }

    private static JsonObject evidenceJson(JsonObject receipt, int at) {
        return (JsonObject) ((JsonArray) Objects.requireNonNull(receipt.get("entries")))
                .values()
                .get(at);
    }

    private static void malformed(JsonObject json, String where) {
        assertThat(Receipt.verify(json, LOG)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.RECEIPT_MALFORMED);
            assertThat(refused.where()).isEqualTo(where);
        });
    }

    private static void refused(Receipt receipt, Reason reason, String where) {
        assertThat(receipt.verify(LOG)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).as(refused.toString()).isEqualTo(reason);
            assertThat(refused.where()).isEqualTo(where);
        });
    }

    private static Receipt receipt(Evidence... evidence) {
        return new Receipt(List.of(evidence),
                new Checkpoint(LOG.origin("0001"), SIZE, TREE.root(SIZE)).sign(signer("log")));
    }

    private static Evidence evidence(int index, @Nullable PrivateMembers opened) {
        return new Evidence(ENTRIES.get(index), InclusionProof.build(index, SIZE, TREE::node).path(), opened);
    }

    private static Evidence changed(int index) {
        return with(evidence(index, null), "code", "DENIED");
    }

    private static Evidence with(Evidence evidence, String member, String value) {
        return new Evidence(evidence.entry().with(member, new JsonString(value)), evidence.path(), null);
    }

    private static List<JsonObject> entries() {
        var entries = new ArrayList<JsonObject>();
        for (int i = 0; i < SIZE; i++) {
            PrivateMembers closed = i == 8 ? PRIVATE : new PrivateMembers(JsonObject.EMPTY, nonce("salt " + i));
            JsonObject entry = entry(i, LogEntry.commitment(closed));
            entries.add(i == 8 ? entry.with(LogEntry.SETTLES, new JsonNumber(3)) : entry);
        }
        return entries;
    }

    private static JsonObject entry(int index, String commitment) {
        return JsonObject.builder()
                .put("spec", LogEntry.SPEC)
                .put("index", (double) index)
                .put("time", 1_990_212_748_000.0)
                .put("kind", "call_decided")
                .put("code", "ALLOWED")
                .put("private_commitment", commitment.length() == 64 ? commitment : "0".repeat(64))
                .build();
    }
}
