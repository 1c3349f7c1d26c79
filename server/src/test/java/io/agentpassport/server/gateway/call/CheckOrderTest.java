package io.agentpassport.server.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.gateway.call.EngineWorld.Asking;
import io.agentpassport.server.gateway.call.TestPolicies.TestPolicy;
import io.agentpassport.server.policy.LimitScope;
import io.agentpassport.server.policy.OnError;
import io.agentpassport.server.policy.PolicyCode;
import io.agentpassport.server.policy.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The order of the checks is contract: of two failures the earlier one answers, whatever they are. */
class CheckOrderTest {

    /** Everything that can be wrong with a call, in the order in which it is asked; each leaves the others as they are. */
    enum Failure {
        RATE {
            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {}

            @Override
            void after(EngineWorld world) {
                for (int i = 0; i < world.limits.burst(); i++) {
                    world.call(0).process();
                }
            }
        },
        REVOKED {
            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {
                world.trust = EngineWorld.CALLERS.revokedUpTo(0);
            }
        },
        EXPIRED {
            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {
                world.clock.move(Duration.ofHours(21));
                call.issuedAt(call.issued().plus(Duration.ofHours(21)));
            }
        },
        SESSION_INVALID {
            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {
                world.submit(rows -> {
                    EngineWorld.CALLERS.end(rows, 0, false);
                    return 0;
                });
            }
        },
        REPLAY {
            @Override
            void first(EngineWorld world) {
                assertThat(EngineWorld.code(world.call(0).id("taken").variant(1).process()))
                        .isEqualTo(DecisionCode.ALLOWED);
            }

            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {
                call.id("taken");
            }
        },
        STALE {
            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {
                call.issuedAt(call.issued().minus(Duration.ofSeconds(61)));
            }
        },
        UNKNOWN_TOOL {
            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {
                call.tool("gone");
            }
        },
        NO_GRANT {
            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {
                call.scope("bank:pay");
            }
        },
        DEFAULT_DENY, REQUIRE_FAILED, DENY_IF, SCHEDULE, SCHEMA, APPROVAL_REQUIRED {
            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {
                policy.approval(1);
            }
        },
        LIMIT {
            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {
                policy.limit(LimitScope.AGENT, Window.MINUTE, 0, OnError.KEEP);
            }
        },
        BUDGET {
            @Override
            void before(EngineWorld world, TestPolicy policy, Asking call) {
                policy.price("6");
            }
        };

        /** What must have happened while all was well. */
        void first(EngineWorld world) {}

        /** What is wrong. */
        void before(EngineWorld world, TestPolicy policy, Asking call) {
            policy.deny(PolicyCode.valueOf(name()));
        }

        /** What else has happened just before the call. */
        void after(EngineWorld world) {}

        /** Whether policies alone decide which of the two it is. */
        boolean isOfThePolicy() {
            return compareTo(DEFAULT_DENY) >= 0 && compareTo(SCHEMA) <= 0;
        }
    }

    static Stream<List<Failure>> pairs() {
        List<List<Failure>> pairs = new ArrayList<>();
        for (Failure earlier : Failure.values()) {
            for (Failure later : Failure.values()) {
                if (earlier.compareTo(later) < 0 && !(earlier.isOfThePolicy() && later.isOfThePolicy())) {
                    pairs.add(List.of(earlier, later));
                }
            }
        }
        return pairs.stream();
    }

    private static DecisionCode decide(List<Failure> failures) {
        EngineWorld world = new EngineWorld();
        world.limits = new GatewayLimits(1, 4, 16, 100, Duration.ofSeconds(1), 1_000);
        world.reopen();
        world.grant(0, EngineWorld.terms("open", "5", 0, "read"));
        failures.forEach(failure -> failure.first(world));
        TestPolicy policy = world.policies.put("open");
        Asking call = world.call(0);
        failures.forEach(failure -> failure.before(world, policy, call));
        failures.forEach(failure -> failure.after(world));
        int runs = world.tools.runs().size();
        DecisionCode code = EngineWorld.code(call.process());
        assertThat(world.tools.runs()).as("what is denied does not run").hasSize(runs);
        return code;
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void eachFailureAnswersWithItsCode(Failure failure) {
        assertThat(decide(List.of(failure))).isEqualTo(DecisionCode.valueOf(failure.name()));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void ofTwoFailuresTheEarlierAnswers(List<Failure> pair) {
        assertThat(decide(pair)).isEqualTo(DecisionCode.valueOf(pair.get(0).name()));
    }
}
