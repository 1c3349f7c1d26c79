package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the engine should do, as simply as it can be said: a fold over the log, in its order. It computes each decision anew
 * and compares; it knows nothing of rows, snapshots, groups or crashes.
 */
final class EngineModel {

    /** What must hold does not. */
    static final class Violation extends AssertionError {
        Violation(String message) {
            super(message);
        }
    }

    /** A call as it was asked. */
    record Asked(int agent, String requestId, String digest, String tool, @Nullable String grant,
            @Nullable Integer ceiling, long issuedAt) {}

    /** What policies are made of here; all of version 1 up share counters by their limits. */
    record Rules(boolean denies, boolean hides, @Nullable Integer price, List<Limit> limits, boolean asks) {}

    /** A limit: so many per window; 0 for all time, -1 while calls run; sliding or in steps. */
    record Limit(String name, long windowMillis, int max, boolean sliding, boolean byAgent, boolean refunds) {}

    private record Grant(String id, int agent, List<String> above, List<String> tools, long expires,
            @Nullable String charges) {}

    /** Something that was counted. */
    static final class Use {
        final String counter;
        final Limit limit;
        final long at;
        boolean back;

        Use(String counter, Limit limit, long at) {
            this.counter = counter;
            this.limit = limit;
            this.at = at;
        }
    }

    /** An allowed call. */
    static final class Allowed {
        final Asked asked;
        final String reservation;
        final List<Use> uses = new ArrayList<>();
        final @Nullable String session;
        final int held;
        final boolean runs;
        final long at;
        @Nullable
        String outcome;

        Allowed(Asked asked, String reservation, @Nullable String session, int held, boolean runs,
                long at) {
            this.asked = asked;
            this.runs = runs;
            this.at = at;
            this.reservation = reservation;
            this.session = session;
            this.held = held;
        }
    }

    private static final class Pot {
        final int total;
        int used;
        int reserved;
        boolean overdrawn;

        Pot(int total) {
            this.total = total;
        }
    }

    private static final class Approval {
        final String id;
        final long expires;
        final String policy;
        final String grant;
        String state = "pending";

        Approval(String id, long expires, String policy, String grant) {
            this.id = id;
            this.expires = expires;
            this.policy = policy;
            this.grant = grant;
        }
    }

    final Map<String, Asked> asked = new HashMap<>();
    final Map<String, Allowed> allowed = new HashMap<>();
    private final Map<Long, Allowed> byEntry = new HashMap<>();
    private final List<Grant> grants = new ArrayList<>();
    private final Set<String> revoked = new HashSet<>();
    private final List<Use> uses = new ArrayList<>();
    private final Map<String, Pot> pots = new HashMap<>();
    private final Set<String> moved = new HashSet<>();
    private final Map<String, Approval> approvals = new HashMap<>();
    private final boolean[] distrusted = new boolean[3];
    Rules rules = new Rules(false, false, null, List.of(), false);
    String policy = "open@1";
    private long size;

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new Violation(what);
        }
    }

    long size() {
        return size;
    }

    void distrust(int agent, boolean distrust) {
        distrusted[agent] = distrust;
    }

    boolean mayRun(Asked call, String grantId) {
        return !distrusted[call.agent] && find(grantId).map(grant -> !isRevoked(grant)).orElse(false);
    }

    long open() {
        return allowed.values().stream().filter(call -> call.outcome == null).count();
    }

    /** How many calls are running, as far as anybody can know. */
    long running() {
        return allowed.values().stream().filter(call -> call.outcome == null && call.runs).count();
    }

    /** The budget sessions whose money moved since this was asked last. */
    Set<String> moved() {
        Set<String> all = new HashSet<>(moved);
        moved.clear();
        return all;
    }

    /** What a session holds: total, used, reserved. */
    List<Integer> money(String session) {
        Pot pot = known(pots.get(session));
        return List.of(pot.total, pot.used, pot.reserved);
    }

    /** Takes the next entry of the log, which must be as it should. */
    void next(JsonObject entry) {
        check(number(entry, "index") == size, "entries follow each other");
        long at = number(entry, "time");
        switch (text(entry, "kind")) {
            case "call_decided" -> decided(entry, at);
            case "call_settled" -> settled(entry, at);
            case "grant_created", "grant_delegated" -> granted(object(entry, "grant"));
            case "grant_revoked" -> revoked.add(text(entry, "grant_id"));
            case "approval_voted" -> voted(entry);
            case "approval_expired" -> approvals.values()
                    .stream()
                    .filter(approval -> approval.id.equals(entry.string("approval_id")))
                    .forEach(approval -> {
                        check(at > approval.expires, "an approval is over when its time is");
                        approval.state = "expired";
                    });
            default -> {
            }
        }
        size++;
    }

    private void granted(JsonObject json) {
        JsonObject terms = object(json, "terms");
        String session = json.string("budget_session");
        JsonObject budget = terms.object("budget");
        if (session != null && budget != null) {
            pots.put(session, new Pot(Integer.parseInt(text(budget, "amount"))));
            moved.add(session);
        }
        grants.add(new Grant(text(json, "id"), agent(json), strings(json, "above"), strings(terms, "tools"),
                number(terms, "expires_at"), json.string("charges")));
    }

    private static int agent(JsonObject json) {
        return Integer.parseInt(text(json, "binding").substring("agent:".length()));
    }

    // --- decisions -----------------------------------------------------------------------------------------------------

    private void decided(JsonObject entry, long at) {
        JsonObject call = object(entry, "call");
        Asked asks = asked.get(text(call, "digest"));
        if (asks == null) {
            throw new Violation("nobody asked for " + call.string("request_id"));
        }
        Grant grant = chosen(asks, at);
        String expected = expected(asks, grant, at, entry);
        String code = text(entry, "code");
        check(expected.equals(code), asks + " at " + at + " is decided " + code + ", not " + expected);
        boolean preview = text(entry, "mode").equals("preview");
        if (code.equals("APPROVAL_REQUIRED") && !preview && grant != null) {
            asks(asks, grant, entry.string("approval_id"), at);
        }
        if (code.equals("ALLOWED") && !preview && grant != null) {
            allow(asks, grant, entry, at);
        }
    }

    private String expected(Asked asks, @Nullable Grant grant, long at, JsonObject entry) {
        Grant named = asks.grant == null ? null : find(asks.grant).orElse(null);
        boolean own = named != null && named.agent == asks.agent;
        if (distrusted[asks.agent] || (named != null && own && isRevoked(named))) {
            return "REVOKED";
        }
        if (named != null && own && at > named.expires) {
            return "EXPIRED";
        }
        Allowed before = allowed.get(asks.requestId);
        if (before != null) {
            check(!before.asked.digest.equals(asks.digest), asks + " is decided a second time");
            return "REPLAY";
        }
        Approval approval = approvals.get(asks.digest);
        boolean lives = approval != null && at <= approval.expires
                && (approval.state.equals("pending") || approval.state.equals("approved"));
        if (Math.abs(at - asks.issuedAt) > 60_000 && !lives) {
            return "STALE";
        }
        if (hidden(asks, grant, own)) {
            return "UNKNOWN_TOOL";
        }
        if (grant == null) {
            return "NO_GRANT";
        }
        if (rules.denies) {
            return "DENY_IF";
        }
        if (rules.asks && !isApproved(approval, grant, at)) {
            return "APPROVAL_REQUIRED";
        }
        for (Limit limit : rules.limits) {
            String why = counted(grant, limit, at, text(entry, "code"));
            if (why != null) {
                return why;
            }
        }
        Integer price = rules.price;
        if (price != null && asks.ceiling != null && price > asks.ceiling) {
            return "BUDGET";
        }
        Pot pot = price == null || grant.charges == null ? null : pots.get(grant.charges);
        return pot != null && price != null && (pot.overdrawn || pot.total - pot.used - pot.reserved < price) ? "BUDGET"
                : "ALLOWED";
    }

    private boolean hidden(Asked asks, @Nullable Grant chosen, boolean own) {
        if (asks.tool.equals("gone")) {
            return true;
        }
        if (!rules.hides || !asks.tool.equals("write")) {
            return false;
        }
        return chosen != null || own
                || grants.stream().anyMatch(grant -> grant.agent == asks.agent && !revoked.contains(grant.id));
    }

    private boolean isApproved(@Nullable Approval approval, Grant grant, long at) {
        return approval != null && approval.state.equals("approved") && at <= approval.expires
                && approval.policy.equals(policy) && approval.grant.equals(grant.id);
    }

    /** Why the limit stops the call, or null. */
    private @Nullable String counted(Grant grant, Limit limit, long at, String said) {
        String counter = counter(grant, limit);
        long used = uses.stream()
                .filter(use -> use.counter.equals(counter) && !use.back && counts(use, limit, at, 0))
                .count();
        if (!limit.sliding) {
            return used + 1 > limit.max ? "LIMIT" : null;
        }
        check(used <= limit.max, "never more than " + limit.max + " in a window, but " + used);
        // What slides may count a use up to a sixtieth of the window too long.
        long longest = uses.stream()
                .filter(use -> use.counter.equals(counter) && !use.back
                        && counts(use, limit, at, limit.windowMillis / 60 + 1))
                .count();
        return used + 1 > limit.max ? "LIMIT" : longest + 1 <= limit.max ? null : said.equals("LIMIT") ? "LIMIT" : null;
    }

    private static boolean counts(Use use, Limit limit, long at, long longer) {
        if (limit.windowMillis <= 0) {
            return true;
        }
        return limit.sliding ? use.at > at - limit.windowMillis - longer
                : Math.floorDiv(use.at, limit.windowMillis) == Math.floorDiv(at, limit.windowMillis);
    }

    private String counter(Grant grant, Limit limit) {
        // Only roots name a policy: what hangs below is counted as its root's.
        Grant root = grant.above.isEmpty() ? grant : known(find(grant.above.get(0)).orElse(null));
        String subject = limit.byAgent ? "agent " + root.agent : "grant " + root.id;
        return limit.name + limit.windowMillis + limit.sliding + " of " + subject;
    }

    private void allow(Asked asks, Grant grant, JsonObject entry, long at) {
        int price = rules.price == null ? 0 : rules.price;
        boolean charged = rules.price != null && grant.charges != null;
        Allowed call = new Allowed(asks, text(entry, "reservation_id"), charged ? grant.charges : null, price,
                text(entry, "mode").equals("run"), at);
        for (Limit limit : rules.limits) {
            Use use = new Use(counter(grant, limit), limit, at);
            uses.add(use);
            call.uses.add(use);
        }
        if (charged) {
            Pot pot = known(pots.get(String.valueOf(grant.charges)));
            moved.add(String.valueOf(grant.charges));
            pot.reserved += price;
            JsonObject budget = object(entry, "budget");
            check(text(budget, "remaining").equals(Integer.toString(pot.total - pot.used - pot.reserved)),
                    "what is left of the budget is " + (pot.total - pot.used - pot.reserved) + ", not "
                            + text(budget, "remaining"));
        }
        if (rules.asks) {
            known(approvals.get(asks.digest)).state = "used";
        }
        allowed.put(asks.requestId, call);
        byEntry.put(number(entry, "index"), call);
    }

    private void settled(JsonObject entry, long at) {
        Allowed call = byEntry.get(number(entry, "settles"));
        if (call == null) {
            throw new Violation("what was not allowed is settled");
        }
        check(call.outcome == null, "a call is settled once");
        call.outcome = text(entry, "outcome");
        boolean byCaller = call.outcome.equals("settled_by_caller");
        check(call.runs || byCaller || call.outcome.equals("never_settled"),
                "what its caller runs is settled by its caller, or by nobody");
        check(!call.outcome.equals("never_settled") || at > call.at + 300_000, "a caller has 300 s to settle");
        boolean failed = call.outcome.startsWith("upstream") || call.outcome.equals("not_run")
                || (!byCaller && entry.get("is_error") == io.agentpassport.core.json.JsonBoolean.TRUE);
        for (Use use : call.uses) {
            use.back |= use.limit.windowMillis < 0 || (failed && use.limit.refunds && counts(use, use.limit, at, 0));
        }
        boolean free = call.outcome.equals("not_run") || call.outcome.equals("upstream_unreachable");
        if (call.session != null) {
            moved.add(call.session);
            Integer ceiling = call.asked.ceiling;
            int cost = free ? 0 : cost(entry);
            int most = ceiling == null ? cost : Math.min(cost, ceiling);
            int unpaid = cost - most + pay(known(pots.get(call.session)), call.held, most);
            check(unpaid == uncovered(entry), "a call is charged what it cost, as far as its request and budget go");
            check(!byCaller || cost(entry) == call.held, "what its caller ran costs what was held");
        }
    }

    /** What is above the price is taken of what is left, and when that does not do, the budget pays no more: how much. */
    private static int pay(Pot pot, int held, int cost) {
        pot.reserved -= held;
        pot.used += Math.min(cost, held);
        int over = Math.max(0, cost - held);
        int left = pot.total - pot.used - pot.reserved;
        pot.used += Math.min(over, left);
        pot.overdrawn |= over > left;
        check(pot.used + pot.reserved <= pot.total, "a budget is never overspent");
        return Math.max(0, over - left);
    }

    private static int uncovered(JsonObject entry) {
        return entry.get("uncovered") == null ? 0 : Integer.parseInt(text(object(entry, "uncovered"), "amount"));
    }

    private static int cost(JsonObject entry) {
        return Integer.parseInt(text(object(entry, "cost"), "amount"));
    }

    private void asks(Asked asks, Grant grant, @Nullable String id, long at) {
        Approval before = approvals.get(asks.digest);
        if (id != null && (before == null || !before.id.equals(id))) {
            approvals.put(asks.digest, new Approval(id, at + 600_000, policy, grant.id));
        }
    }

    private void voted(JsonObject entry) {
        Approval approval = known(approvals.get(text(entry, "digest")));
        check(approval.state.equals("pending"), "only what waits is voted on");
        approval.state = text(entry, "state");
    }

    // --- grants --------------------------------------------------------------------------------------------------------

    private @Nullable Grant chosen(Asked asks, long at) {
        if (asks.grant != null) {
            return find(asks.grant).filter(grant -> grant.agent == asks.agent && covers(grant, asks.tool) > 0)
                    .orElse(null);
        }
        Grant best = null;
        for (Grant grant : grants) {
            if (grant.agent == asks.agent && at <= grant.expires && !isRevoked(grant)
                    && covers(grant, asks.tool) > (best == null ? 0 : covers(best, asks.tool))) {
                best = grant;
            }
        }
        return best;
    }

    /** How exactly a grant names a tool, 0 when it does not. */
    private static int covers(Grant grant, String tool) {
        int best = 0;
        for (String pattern : grant.tools) {
            boolean star = pattern.endsWith("*");
            String name = pattern.substring(pattern.indexOf('/') + 1, pattern.length() - (star ? 1 : 0));
            if (star ? tool.startsWith(name) : tool.equals(name)) {
                best = Math.max(best, (star ? 1 : 1000) + 2 * name.length() + (pattern.contains("/") ? 1 : 0));
            }
        }
        return best;
    }

    private boolean isRevoked(Grant grant) {
        return revoked.contains(grant.id) || grant.above.stream().anyMatch(revoked::contains);
    }

    private java.util.Optional<Grant> find(String id) {
        return grants.stream().filter(grant -> grant.id.equals(id)).findFirst();
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new Violation("the log tells of what nobody knows");
        }
        return value;
    }

    // --- json ----------------------------------------------------------------------------------------------------------

    private static String text(JsonObject json, String member) {
        if (json.get(member) instanceof JsonString string) {
            return string.value();
        }
        throw new Violation(member + " is missing in " + json);
    }

    private static long number(JsonObject json, String member) {
        if (json.get(member) instanceof JsonNumber number) {
            return (long) number.value();
        }
        throw new Violation(member + " is missing in " + json);
    }

    private static JsonObject object(JsonObject json, String member) {
        if (json.get(member) instanceof JsonObject object) {
            return object;
        }
        throw new Violation(member + " is missing in " + json);
    }

    private static List<String> strings(JsonObject json, String member) {
        List<String> strings = new ArrayList<>();
        if (json.get(member) instanceof JsonArray array) {
            for (JsonValue value : array.values()) {
                strings.add(((JsonString) value).value());
            }
        }
        return strings;
    }
}
