package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.TestService;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoliciesTest {

    private static final String ONE = "{\"version\":\"1\",\"tools\":{\"a\":{}}}";
    private static final String TWO = "version: \"1\"\ntools: {b: {}}  # only b\n";

    @TempDir
    Path folder;

    @AutoClose
    private PolicyWorld world;

    @BeforeEach
    void open() {
        world = new PolicyWorld(folder);
    }

    private static PolicyVersion inForce(Policies.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Policies.InForce.class);
        return ((Policies.InForce) outcome).version();
    }

    private PolicyVersion newest(String id) {
        PolicyVersion version = world.policies.current().newest(id);
        assertThat(version).isNotNull();
        return Objects.requireNonNull(version);
    }

    @Test
    void aPolicyIsInForceWhenItIsAnswered() {
        var seen = TestService.get(world.policies
                .put(new Policies.Draft("", "shop", ONE, PolicyFormat.JSON, "alice", "first", 0))
                .thenApply(outcome -> newest("shop").ref().text()));

        assertThat(seen).isEqualTo("shop@1");
        assertThat(newest("shop").document().admits("any", "a")).isTrue();
    }

    @Test
    void eachPutMakesAVersionThatNeverChanges() {
        inForce(world.put("shop", ONE));
        inForce(world.put("shop", TWO));

        assertThat(newest("shop").ref()).isEqualTo(new PolicyRef("shop", 2));
        assertThat(world.policies.versions("shop", Long.MAX_VALUE, 10)).extracting(PolicyVersion::text)
                .containsExactly(TWO, ONE);
        assertThat(world.policies.versions("shop", 2, 10)).extracting(PolicyVersion::text).containsExactly(ONE);
        assertThat(world.policies.find(new PolicyRef("shop", 3))).isNull();
        assertThat(world.policies.find(new PolicyRef("chop", 1))).isNull();
        assertThat(world.entries()).isEqualTo(2);
    }

    @Test
    void whatIsStoredIsInForceAfterARestart() {
        inForce(world.put("shop", ONE));
        PolicyVersion before = inForce(world.put("shop", TWO));
        inForce(world.put("bank", ONE));
        world.close();
        world = new PolicyWorld(folder);

        assertThat(newest("shop")).isEqualTo(before);
        assertThat(newest("shop").document().admits("any", "b")).isTrue();
        assertThat(world.policies.current().all()).extracting(PolicyVersion::ref)
                .containsExactly(new PolicyRef("bank", 1), new PolicyRef("shop", 2));
        assertThat(world.policies.versions("shop", Long.MAX_VALUE, 1)).hasSize(1);
    }

    @Test
    void aBadDocumentChangesNothing() {
        inForce(world.put("shop", ONE));

        assertThat(world.put("shop", "{\"version\":\"1\",\"tool\":{}}"))
                .isEqualTo(new Policies.Invalid(Policy.problems("{\"version\":\"1\",\"tool\":{}}")));
        assertThat(newest("shop").text()).isEqualTo(ONE);
        assertThat(world.entries()).isEqualTo(1);
        assertThat(world.put("Shop", ONE)).isInstanceOf(Policies.Unacceptable.class);
    }

    @Test
    void thereIsRoomForAThousandPoliciesAndNewVersionsOfThem() {
        for (int i = 0; i < Policies.MAX_POLICIES; i++) {
            inForce(world.put("p" + i, ONE));
        }

        assertThat(world.put("one-more", ONE)).isEqualTo(new Policies.TooMany(1_000));
        assertThat(inForce(world.put("p0", TWO)).ref().version()).isEqualTo(2);
    }

    @Test
    void theSameDocumentMakesNoVersion() {
        inForce(world.put("shop", ONE));

        assertThat(world.put("shop", ONE)).isEqualTo(new Policies.InForce(newest("shop"), false));
        assertThat(newest("shop").ref().version()).isEqualTo(1);
        assertThat(world.entries()).isEqualTo(1);
    }

    @Test
    void aRequestIsSafeToRepeatAndPutsOneDocumentOnly() {
        inForce(world.put("r1", "shop", ONE, 0));
        inForce(world.put("r2", "shop", TWO, 1));

        assertThat(inForce(world.put("r1", "shop", ONE, 0)).ref()).isEqualTo(new PolicyRef("shop", 1));
        assertThat(newest("shop").ref().version()).isEqualTo(2);
        assertThat(world.put("r1", "shop", TWO, 0)).isInstanceOf(Policies.RequestIdReused.class);
        assertThat(world.put("r1", "bank", ONE, 0)).isInstanceOf(Policies.RequestIdReused.class);
    }

    @Test
    void aPutThatExpectsAnotherVersionChangesNothing() {
        assertThat(world.put("", "shop", ONE, 1)).isEqualTo(new Policies.Conflict(0));
        inForce(world.put("shop", ONE));
        assertThat(world.put("", "shop", TWO, 2)).isEqualTo(new Policies.Conflict(1));
        inForce(world.put("", "shop", TWO, 1));
        assertThat(world.put("", "shop", ONE, 1)).isEqualTo(new Policies.Conflict(2));
    }

    @Test
    void ofPutsThatRaceForOneVersionOneWins() {
        inForce(world.put("shop", ONE));
        var outcomes = IntStream.range(0, 20)
                .mapToObj(i -> world.policies.put(new Policies.Draft("", "shop",
                        "{\"version\":\"1\",\"tools\":{\"t" + i + "\":{}}}", PolicyFormat.JSON, "a", "", 1)))
                .toList();
        CompletableFuture.allOf(outcomes.toArray(new CompletableFuture<?>[0])).join();

        assertThat(outcomes).filteredOn(outcome -> outcome.join() instanceof Policies.InForce).hasSize(1);
        assertThat(newest("shop").ref().version()).isEqualTo(2);
    }

    @Test
    void manyVersionsInOneGroupLeaveTheNewestInForce() {
        var outcomes = IntStream.range(0, 50)
                .mapToObj(i -> world.policies.put(new Policies.Draft("", "shop",
                        "{\"version\":\"1\",\"tools\":{\"t" + i + "\":{}}}", PolicyFormat.JSON, "a", "", 0)))
                .toList();
        CompletableFuture.allOf(outcomes.toArray(new CompletableFuture<?>[0])).join();

        assertThat(newest("shop").ref().version()).isEqualTo(50);
        assertThat(newest("shop").document().tools()).hasSize(1);
    }
}
