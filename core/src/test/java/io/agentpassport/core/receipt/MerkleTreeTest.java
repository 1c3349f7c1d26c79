package io.agentpassport.core.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

    private static final long SEED = 20_261_121;

    /** The leaves that the implementations of certificate transparency test with, and the roots of their first n. */
    private static final List<String> CT_LEAVES = List.of("", "00", "10", "2021", "3031", "40414243",
            "5051525354555657", "606162636465666768696a6b6c6d6e6f");
    private static final List<String> CT_ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void hasTheRootsThatCertificateTransparencyHas() {
        CompactRange range = CompactRange.EMPTY;
        assertThat(range.root()).hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (int i = 0; i < CT_LEAVES.size(); i++) {
            range = range.append(MerkleTree.leaf(HexFormat.of().parseHex(CT_LEAVES.get(i))));

            assertThat(range.root()).hasToString(CT_ROOTS.get(i));
        }
    }

    @Test
    void everyRootAndProofOfSmallTreesIsThatOfTheRfc() {
        List<byte[]> leaves = leaves(new SplittableRandom(SEED), 70);
        var naive = new NaiveTree(leaves);
        CompactRange range = CompactRange.EMPTY;
        for (int size = 1; size <= leaves.size(); size++) {
            range = range.append(MerkleTree.leaf(leaves.get(size - 1)));
            assertThat(range.root()).as("root of %d", size).isEqualTo(naive.root(size));
            var edge = new RightEdge(range);
            assertThat(edge.root()).isEqualTo(naive.root(size));
            for (int at = 0; at < size; at++) {
                checkInclusion(naive, leaves, at, size);
                assertThat(InclusionProof.build(at, edge, naive::node))
                        .isEqualTo(InclusionProof.build(at, size, naive::node));
            }
            for (int old = 0; old <= size; old++) {
                checkConsistency(naive, old, size);
            }
        }
    }

    @Test
    void proofsOfRandomTreesAreThoseOfTheRfc() {
        var random = new SplittableRandom(SEED);
        for (int round = 0; round < 60; round++) {
            int size = random.nextInt(1, 1_500);
            List<byte[]> leaves = leaves(random, size);
            var naive = new NaiveTree(leaves);
            CompactRange range = CompactRange.EMPTY;
            for (byte[] leaf : leaves) {
                range = range.append(MerkleTree.leaf(leaf));
            }

            assertThat(range.root()).as("seed %d, round %d", SEED, round).isEqualTo(naive.root(size));
            assertThat(CompactRange.decode(range.encode())).isEqualTo(range);
            checkInclusion(naive, leaves, random.nextInt(size), size);
            checkConsistency(naive, random.nextInt(size + 1), size);
        }
    }

    @Test
    void appendingTellsOfEachCompleteSubtreeOnce() {
        List<byte[]> leaves = leaves(new SplittableRandom(SEED), 100);
        var naive = new NaiveTree(leaves);
        var made = new ArrayList<String>();
        CompactRange range = CompactRange.EMPTY;
        for (byte[] leaf : leaves) {
            range = range.append(MerkleTree.leaf(leaf), (level, index, hash) -> {
                assertThat(hash).isEqualTo(naive.node(level, index));
                made.add(level + "/" + index);
            });
        }

        var expected = new ArrayList<String>();
        for (int level = 0; level < 7; level++) {
            for (int index = 0; index < leaves.size() >> level; index++) {
                expected.add(level + "/" + index);
            }
        }
        assertThat(made).containsExactlyInAnyOrderElementsOf(expected);
        range.forEach((level, index, hash) -> assertThat(hash).isEqualTo(naive.node(level, index)));
    }

    @Test
    void aChangedProofProvesNothing() {
        var random = new SplittableRandom(SEED);
        List<byte[]> leaves = leaves(random, 300);
        var naive = new NaiveTree(leaves);
        for (int round = 0; round < 2_000; round++) {
            int size = random.nextInt(2, leaves.size());
            int index = random.nextInt(size);
            List<TreeHash> path = damaged(random, naive.path(index, size));
            assertThat(new InclusionProof(index, size, path).verifies(MerkleTree.leaf(leaves.get(index)),
                    naive.root(size))).as("seed %d, round %d: leaf %d of %d", SEED, round, index, size).isFalse();

            int old = random.nextInt(1, size);
            List<TreeHash> consistency = damaged(random, naive.consistency(old, size));
            assertThat(new ConsistencyProof(old, size, consistency).verifies(naive.root(old), naive.root(size)))
                    .as("seed %d, round %d: from %d to %d", SEED, round, old, size)
                    .isFalse();
        }
    }

    @Test
    void aProofIsForItsOwnPlaceAndSizeAlone() {
        List<byte[]> leaves = leaves(new SplittableRandom(SEED), 64);
        var naive = new NaiveTree(leaves);
        InclusionProof proof = InclusionProof.build(5, 50, naive::node);
        TreeHash leaf = MerkleTree.leaf(leaves.get(5));

        assertThat(proof.verifies(leaf, naive.root(50))).isTrue();
        assertThat(new InclusionProof(4, 50, proof.path()).verifies(leaf, naive.root(50))).isFalse();
        assertThat(proof.verifies(leaf, naive.root(51))).isFalse();
        assertThat(proof.verifies(MerkleTree.leaf(leaves.get(6)), naive.root(50))).isFalse();
        ConsistencyProof consistency = ConsistencyProof.build(20, 50, naive::node);
        assertThat(consistency.verifies(naive.root(20), naive.root(50))).isTrue();
        assertThat(consistency.verifies(naive.root(21), naive.root(50))).isFalse();
        assertThat(consistency.verifies(naive.root(20), naive.root(49))).isFalse();
        assertThat(new ConsistencyProof(0, 50, List.of()).verifies(naive.root(1), naive.root(50))).isFalse();
        assertThat(new ConsistencyProof(50, 50, List.of()).verifies(naive.root(50), naive.root(49))).isFalse();
    }

    @Test
    void provesInTheLargestTreeByFewNodes() {
        long size = MerkleTree.MAX_SIZE - 1;
        var asked = new ArrayList<Integer>();
        InclusionProof proof = InclusionProof.build(12_345, size, (level, index) -> {
            asked.add(level);
            return MerkleTree.EMPTY_ROOT;
        });

        assertThat(proof.path()).hasSize(MerkleTree.MAX_PATH).hasSize(InclusionProof.pathLength(12_345, size));
        assertThat(asked.size()).isLessThanOrEqualTo(2 * MerkleTree.MAX_PATH);
        assertThat(ConsistencyProof.build(size / 3, size, (level, index) -> MerkleTree.EMPTY_ROOT).path())
                .hasSizeLessThanOrEqualTo(MerkleTree.MAX_PATH + 1);
    }

    @Test
    void refusesWhatIsNoTree() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CompactRange(3, List.of(MerkleTree.EMPTY_ROOT)));
        assertThatIllegalArgumentException().isThrownBy(() -> new InclusionProof(3, 3, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new InclusionProof(-1, 3, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new ConsistencyProof(4, 3, List.of()));
        assertThat(CompactRange.decode(new byte[7])).isNull();
        assertThat(CompactRange.decode(new byte[9])).isNull();
        byte[] negative = CompactRange.EMPTY.encode();
        negative[0] = (byte) 0x80;
        assertThat(CompactRange.decode(negative)).isNull();
        assertThat(TreeHash.fromText("AAAA")).isNull();
    }

    private static void checkInclusion(NaiveTree naive, List<byte[]> leaves, int index, int size) {
        InclusionProof proof = InclusionProof.build(index, size, naive::node);
        assertThat(proof.path()).as("leaf %d of %d", index, size)
                .isEqualTo(naive.path(index, size))
                .hasSize(InclusionProof.pathLength(index, size));
        assertThat(proof.verifies(MerkleTree.leaf(leaves.get(index)), naive.root(size))).isTrue();
    }

    private static void checkConsistency(NaiveTree naive, int old, int size) {
        ConsistencyProof proof = ConsistencyProof.build(old, size, naive::node);
        assertThat(proof.path()).as("from %d to %d", old, size).isEqualTo(naive.consistency(old, size));
        assertThat(proof.verifies(naive.root(old), naive.root(size))).isTrue();
    }

    /** One bit flipped, one hash left out, one too many, or two exchanged. */
    private static List<TreeHash> damaged(SplittableRandom random, List<TreeHash> path) {
        var damaged = new ArrayList<>(path);
        int at = random.nextInt(path.size());
        switch (random.nextInt(4)) {
            case 0 -> damaged.remove(at);
            case 1 -> damaged.add(at, path.get(at));
            case 2 -> {
                damaged.set(at, path.get(path.size() - 1 - at));
                damaged.set(path.size() - 1 - at, path.get(at));
            }
            default -> {}
        }
        if (damaged.equals(path)) {
            byte[] bytes = path.get(at).toByteArray();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            damaged.set(at, TreeHash.of(bytes));
        }
        return damaged;
    }

    private static List<byte[]> leaves(SplittableRandom random, int count) {
        var leaves = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            var leaf = new byte[random.nextInt(70)];
            random.nextBytes(leaf);
            leaves.add(leaf);
        }
        return leaves;
    }
}
