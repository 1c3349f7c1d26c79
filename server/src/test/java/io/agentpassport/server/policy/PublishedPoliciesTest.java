package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.toolcall.Decimal;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Three documents, one of each dialect, that load as they are and do what their words say. */
class PublishedPoliciesTest {

    private final PolicyDocument sessionRate = Policy.parse(Policy.resource("session-rate.json"));
    private final PolicyDocument shortForm = Policy.parse(Policy.resource("short-form.json"));
    private final PolicyDocument charges = Policy.parse(Policy.resource("charges.yaml"));

    @Test
    void thirtySessionsAMinuteUnderOneGrant() {
        assertThat(Policy.passed(sessionRate, "create_session", "{}").limits()).singleElement().satisfies(charge -> {
            assertThat(charge.cost()).isEqualTo(Decimal.ONE);
            assertThat(charge.rule().pointer()).isEqualTo("/tools/create_session/limits/0");
            assertThat(charge.rule().counter()).isEqualTo("create_session_rate");
            assertThat(charge.rule().window()).isEqualTo(Window.MINUTE);
            assertThat(charge.rule().max()).isEqualTo(Decimal.of(30));
            assertThat(charge.rule().scope()).isEqualTo(LimitScope.GRANT);
            assertThat(charge.rule().algorithm()).isEqualTo(LimitAlgorithm.FIXED);
            assertThat(charge.rule().onError()).isEqualTo(OnError.KEEP);
        });
        assertThat(Policy.verdict(sessionRate, "create_session", "{}", Map.of("create_session_rate", "29")).code())
                .isEqualTo("ALLOWED");
        assertThat(Policy.verdict(sessionRate, "create_session", "{}", Map.of("create_session_rate", "30")))
                .hasToString("LIMIT by /tools/create_session/limits/0");
        assertThat(Policy.verdict(sessionRate, "other", "{}")).hasToString("DEFAULT_DENY by /default");
    }

    @Test
    void tenDerivationsInSixtySecondsOfOneSession() {
        assertThat(Policy.passed(shortForm, "mutualAuthDeriveSession", "{}").limits()).singleElement()
                .satisfies(charge -> {
                    assertThat(charge.rule().max()).isEqualTo(Decimal.of(10));
                    assertThat(charge.rule().window()).isEqualTo(Window.ofSeconds(60));
                    assertThat(charge.rule().scope()).isEqualTo(LimitScope.SESSION);
                    assertThat(charge.rule().pointer()).isEqualTo("/tools/mutualAuthDeriveSession/rate_limit");
                });
    }

    @Test
    void theCallThatBelongsToTheGrpcEndpointIsDeniedWithItsReason() {
        assertThat(Policy.verdict(shortForm, "gateway_process_tool_call", "{}")).isEqualTo(
                new Verdict("DENY_IF", "/tools/gateway_process_tool_call/action", "use the gRPC endpoint"));
        assertThat(shortForm.admits("any", "gateway_process_tool_call")).isFalse();
    }

    @Test
    void aTransferNeedsAPerson() {
        assertThat(Policy.verdict(shortForm, "transfer", "{}")).isEqualTo(
                new Verdict("APPROVAL_REQUIRED", "/tools/transfer/action", "moves money"));
    }

    @Test
    void whatIsHiddenIsUnknownAndUnlistedToolsAreDenied() {
        assertThat(charges.hides("shop", "delete_everything")).isTrue();
        assertThat(charges.hides("shop", "create_charge")).isFalse();
        assertThat(Policy.verdict(charges, "delete_everything", "{}").code()).isEqualTo("UNKNOWN_TOOL");
        assertThat(Policy.verdict(charges, "refund", "{}").code()).isEqualTo("DEFAULT_DENY");
    }

    @Test
    void aSmallChargeInAKnownCurrencyPasses() {
        assertThat(Policy.verdict(charges, "create_charge", "{\"amount\":500,\"currency\":\"usd\"}").code())
                .isEqualTo("ALLOWED");
    }

    @Test
    void aLargeChargeOrAnotherCurrencyIsDeniedWithTheRulesWords() {
        Verdict denied = new Verdict("REQUIRE_FAILED", "/tools/create_charge/rules/0",
                "Charges above 500 need a person.");

        assertThat(Policy.verdict(charges, "create_charge", "{\"amount\":500.01,\"currency\":\"usd\"}"))
                .isEqualTo(denied);
        assertThat(Policy.verdict(charges, "create_charge", "{\"amount\":5,\"currency\":\"gbp\"}")).isEqualTo(denied);
        assertThat(Policy.verdict(charges, "create_charge", "{\"amount\":5}")).isEqualTo(denied);
        assertThat(Policy.verdict(charges, "create_charge", "{\"currency\":\"usd\"}")).isEqualTo(denied);
    }

    @Test
    void theDailySpendCountsThisCallToo() {
        String args = "{\"amount\":400.5,\"currency\":\"eur\"}";

        assertThat(Policy.verdict(charges, "create_charge", args, Map.of("create_charge.spent", "9599.5")).code())
                .isEqualTo("ALLOWED");
        assertThat(Policy.verdict(charges, "create_charge", args, Map.of("create_charge.spent", "9599.51"))).isEqualTo(
                new Verdict("REQUIRE_FAILED", "/tools/create_charge/rules/1", "The daily spend is used up."));
    }

    @Test
    void theSpendIsCountedInExactDecimalsPerGrantAndDay() {
        assertThat(Policy.passed(charges, "create_charge", "{\"amount\":0.1,\"currency\":\"usd\"}").limits())
                .singleElement()
                .satisfies(charge -> {
                    assertThat(charge.cost()).isEqualTo(Policy.decimal("0.1"));
                    assertThat(charge.rule().window()).isEqualTo(Window.DAY);
                    assertThat(charge.rule().scope()).isEqualTo(LimitScope.GRANT);
                    assertThat(charge.rule().max()).isNull();
                });
    }

    @Test
    void aNegativeChargeCannotEarnRoom() {
        assertThat(Policy.verdict(charges, "create_charge", "{\"amount\":-5,\"currency\":\"usd\"}").code())
                .isEqualTo("REQUIRE_FAILED");
    }

    @Test
    void sixtyReadsAMinute() {
        Map<String, String> full = Map.of("list_charges.rate_limit:reads", "60");

        assertThat(Policy.verdict(charges, "list_charges", "{}").code()).isEqualTo("ALLOWED");
        assertThat(Policy.verdict(charges, "list_charges", "{}", full))
                .hasToString("LIMIT by /tools/list_charges/rules/0/rate_limit");
    }
}
