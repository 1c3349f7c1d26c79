package io.agentpassport.vectors;

import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.ConsistencyProof;
import io.agentpassport.core.receipt.InclusionProof;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.receipt.TreeHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The log's tree, its checkpoints, and receipts (docs/protocol.md, "Receipts"). */
final class EvidencePrimitives {

    static final Map<String, Primitive> ALL = Map.of(
            "merkleRoot", input -> JsonObject.builder().put("root_b64", tree(input).range.root().text()).build(),
            "merkleInclusion", EvidencePrimitives::inclusion,
            "merkleConsistency", EvidencePrimitives::consistency,
            "verifyInclusion", EvidencePrimitives::verifyInclusion,
            "verifyConsistency", EvidencePrimitives::verifyConsistency,
            "signCheckpoint", EvidencePrimitives::signCheckpoint,
            "verifyReceipt", EvidencePrimitives::verifyReceipt);

    private EvidencePrimitives() {}

    /** A tree with all its complete subtrees. */
    private static final class Tree implements MerkleTree.Nodes, MerkleTree.Sink {
        private final Map<List<Long>, TreeHash> nodes = new HashMap<>();
        private CompactRange range = CompactRange.EMPTY;

        void append(byte[] leaf) {
            range = range.append(MerkleTree.leaf(leaf), this);
        }

        @Override
        public void completed(int level, long index, TreeHash hash) {
            nodes.put(List.of((long) level, index), hash);
        }

        @Override
        public TreeHash node(int level, long index) {
            TreeHash hash = nodes.get(List.of((long) level, index));
            if (hash == null) {
                throw new IllegalArgumentException("no node " + index + " of level " + level);
            }
            return hash;
        }
    }

    private static Tree tree(Input input) {
        var tree = new Tree();
        for (String leaf : input.texts("leaves_hex")) {
            tree.append(HexText.decodeAnyCase(leaf));
        }
        return tree;
    }

    private static JsonObject inclusion(Input input) {
        Tree tree = tree(input);
        return path(InclusionProof.build((long) input.number("index"), tree.range.size(), tree).path());
    }

    private static JsonObject consistency(Input input) {
        Tree tree = tree(input);
        return path(ConsistencyProof.build((long) input.number("old_size"), tree.range.size(), tree).path());
    }

    private static JsonObject path(List<TreeHash> path) {
        return JsonObject.builder().put("path", path.stream().map(TreeHash::text).toList()).build();
    }

    private static JsonObject verifyInclusion(Input input) {
        long index = (long) input.number("index");
        long size = (long) input.number("size");
        List<TreeHash> path = hashes(input.texts("path"));
        TreeHash leaf = hash(input.text("leaf_hash_b64"));
        TreeHash root = hash(input.text("root_b64"));
        return Answers.ok(index < size && new InclusionProof(index, size, path).verifies(leaf, root));
    }

    private static JsonObject verifyConsistency(Input input) {
        long oldSize = (long) input.number("old_size");
        long newSize = (long) input.number("new_size");
        List<TreeHash> path = hashes(input.texts("path"));
        TreeHash oldRoot = hash(input.text("old_root_b64"));
        TreeHash newRoot = hash(input.text("new_root_b64"));
        return Answers.ok(
                oldSize <= newSize && new ConsistencyProof(oldSize, newSize, path).verifies(oldRoot, newRoot));
    }

    private static JsonObject signCheckpoint(Input input) {
        String audience = input.text("audience");
        String partition = input.text("partition");
        long size = (long) input.number("size");
        TreeHash root = hash(input.text("root_b64"));
        return Ed25519Primitives.withSigner(input, "seed_hex", signer -> {
            var key = new LogKey(audience, signer.publicKey());
            return JsonObject.builder()
                    .put("checkpoint", new Checkpoint(key.origin(partition), size, root).sign(signer))
                    .put("verifier_key", key.verifierKey(partition))
                    .build();
        });
    }

    private static JsonObject verifyReceipt(Input input) {
        JsonObject receipt = input.object("receipt");
        var logKey = new LogKey(input.text("audience"),
                required(PublicKey.fromHex(input.text("log_pubkey_hex")), "a log key"));
        return switch (Receipt.verify(receipt, logKey)) {
            case Receipt.Verified verified -> JsonObject.builder()
                    .put("ok", JsonBoolean.TRUE)
                    .put("origin", verified.checkpoint().origin())
                    .put("size", (double) verified.checkpoint().size())
                    .build();
            case Receipt.Refused refused -> Answers.refused(refused.reason().name())
                    .with("where", Answers.text(refused.where()));
        };
    }

    private static List<TreeHash> hashes(List<String> texts) {
        var hashes = new ArrayList<TreeHash>();
        texts.forEach(text -> hashes.add(hash(text)));
        return hashes;
    }

    private static TreeHash hash(String text) {
        return required(TreeHash.fromText(text), "a hash");
    }

    private static <T> T required(@Nullable T value, String what) {
        if (value == null) {
            throw new MalformedVectorException("input holds something else than " + what);
        }
        return value;
    }
}
