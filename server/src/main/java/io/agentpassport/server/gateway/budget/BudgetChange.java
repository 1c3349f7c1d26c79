package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Money;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What can be done to the tree of sessions; {@link BudgetTree#apply} does it. Who may is for the caller to know. */
public sealed interface BudgetChange {

    /** The session that it is done to, or that it makes. */
    BudgetSessionId id();

    /** All that was asked for, but for an id that was drawn for it. */
    JsonObject json();

    /**
     * Makes a root, for operators.
     *
     * @param id
     *            a new one
     * @param agent
     *            who may name it in a call; null for a pot that only funds others
     * @param total
     *            more than 0, at most {@link BudgetLimits#MAX_TOTAL}
     * @param life
     *            null for {@link BudgetLimits#DEFAULT_LIFE}
     * @param funder
     *            who pays, for the ledger; 1 to {@link BudgetLimits#MAX_CALL_KEY_CHARACTERS} characters
     */
    record Create(BudgetSessionId id, @Nullable Identity agent, Money total, @Nullable Duration life,
            String funder) implements BudgetChange {

        @Override
        public JsonObject json() {
            return about("create", agent).put("total", total.json())
                    .put("life_ms", life == null ? -1.0 : life.toMillis())
                    .build();
        }
    }

    /**
     * Carves a child out of a session.
     *
     * @param id
     *            a new one, in the partition of the parent
     * @param agent
     *            the one agent that may name it in a call
     * @param amount
     *            more than 0, and left in the parent
     * @param life
     *            not beyond the parent's; null for as long as usual, or as the parent lives
     */
    record Carve(BudgetSessionId id, BudgetSessionId parent, Identity agent, Money amount,
            @Nullable Duration life) implements BudgetChange {

        @Override
        public JsonObject json() {
            return about("carve", agent).put("parent", parent.text())
                    .put("amount", amount.json())
                    .put("life_ms", life == null ? -1.0 : life.toMillis())
                    .build();
        }
    }

    /**
     * Puts more in: new money into a root, for operators; the parent's into a child.
     *
     * @param amount
     *            more than 0
     * @param funder
     *            who pays, for the ledger of a root
     */
    record Add(BudgetSessionId id, Money amount, String funder) implements BudgetChange {

        @Override
        public JsonObject json() {
            return about("add", null).put("session", id.text()).put("amount", amount.json()).build();
        }
    }

    /**
     * Lets it live longer.
     *
     * @param expiresAt
     *            later than before, not beyond the parent's
     */
    record Extend(BudgetSessionId id, Instant expiresAt) implements BudgetChange {

        @Override
        public JsonObject json() {
            return about("extend", null).put("session", id.text())
                    .put("expires_at", (double) expiresAt.toEpochMilli())
                    .build();
        }
    }

    /**
     * Ends it, and with it all below it. What is not reserved goes back to the parent at once, the rest as it settles.
     *
     * @param revoked
     *            whether its grant was withdrawn
     */
    record End(BudgetSessionId id, boolean revoked) implements BudgetChange {

        @Override
        public JsonObject json() {
            return about("end", null).put("session", id.text()).put("revoked", revoked ? "yes" : "no").build();
        }
    }

    private static JsonObject.Builder about(String what, @Nullable Identity agent) {
        JsonObject.Builder json = JsonObject.builder().put("change", what);
        return agent == null ? json
                : json.put("issuer_domain", agent.issuerDomain()).put("binding", agent.binding());
    }
}
