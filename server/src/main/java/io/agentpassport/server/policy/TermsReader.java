package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what every dialect may say of a tool: schedule, approval, price, response. */
final class TermsReader {

    private static final Set<String> SPAN_KEYS = Set.of("days", "from", "to", "zone", "not_before", "not_after");
    private static final Set<String> APPROVAL_KEYS = Set.of("reason", "approvals", "approvers", "owner", "expires",
            "when");
    private static final Set<String> PRICE_KEYS = Set.of("amount", "currency", "from", "scale", "reserve");
    private static final Set<String> RESPONSE_KEYS = Set.of("max_bytes", "redact", "deny_if");
    private static final Set<String> PATTERN_KEYS = Set.of("pattern", "with");
    private static final int MAX_SPANS = 32;
    private static final int MAX_APPROVERS = 100;

    private final Problems problems;
    private final ConditionReader conditions;

    TermsReader(Problems problems, ConditionReader conditions) {
        this.problems = problems;
        this.conditions = conditions;
    }

    @Nullable
    Schedule schedule(Members entry) {
        JsonValue value = entry.get("schedule");
        if (value == null) {
            return null;
        }
        String at = entry.at("schedule");
        List<JsonValue> values = value instanceof JsonArray ? entry.list("schedule", MAX_SPANS) : List.of(value);
        List<Schedule.Span> spans = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Members span = Members.of(values.get(i), value instanceof JsonArray ? Pointer.to(at, i) : at, problems);
            if (span != null) {
                spans.add(span(span));
            }
        }
        if (values.isEmpty()) {
            entry.wrong("schedule", "admits no time; deny the tool instead");
        }
        return new Schedule(at, spans);
    }

    private Schedule.Span span(Members span) {
        span.only(SPAN_KEYS);
        Set<DayOfWeek> days = EnumSet.allOf(DayOfWeek.class);
        if (span.has("days")) {
            days = EnumSet.noneOf(DayOfWeek.class);
            for (JsonValue day : span.list("days", 7)) {
                for (DayOfWeek one : DayOfWeek.values()) {
                    if (day instanceof JsonString text
                            && one.name().substring(0, 3).toLowerCase(Locale.ROOT).equals(text.value())) {
                        days.add(one);
                    }
                }
            }
            if (days.isEmpty() || days.size() != span.list("days", 7).size()) {
                span.wrong("days", "must be a list of mon, tue, wed, thu, fri, sat, sun, each once at most");
            }
        }
        ZoneId zone = ZoneOffset.UTC;
        String name = span.text("zone", PolicyLimits.NAME_CHARACTERS);
        if (name != null) {
            try {
                zone = ZoneId.of(name);
            } catch (DateTimeException e) {
                span.wrong("zone", "is no time zone such as UTC or Europe/Berlin");
            }
        }
        return new Schedule.Span(days, time(span, "from"), time(span, "to"), zone, instant(span, "not_before"),
                instant(span, "not_after"));
    }

    private static LocalTime time(Members span, String name) {
        String text = span.object.string(name);
        if (!span.has(name)) {
            return LocalTime.MIDNIGHT;
        }
        if (text == null || !text.matches("([01][0-9]|2[0-3]):[0-5][0-9]")) {
            span.wrong(name, "must be a time such as \"09:00\", in quotes");
            return LocalTime.MIDNIGHT;
        }
        return LocalTime.parse(text);
    }

    private static @Nullable Instant instant(Members span, String name) {
        String text = span.text(name, PolicyLimits.NAME_CHARACTERS);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            span.wrong(name, "must be an instant such as \"2026-01-31T00:00:00Z\"");
            return null;
        }
    }

    @Nullable
    ApprovalTerms approval(Members entry) {
        JsonValue value = entry.get("require_approval");
        if (value == null) {
            return null;
        }
        String at = entry.at("require_approval");
        if (value instanceof JsonBoolean bool) {
            if (!bool.value()) {
                entry.wrong("require_approval", "says nothing: leave it out when no approval is needed");
            }
            return new ApprovalTerms(new ApprovalRule(at, "", 1, List.of(), false, ApprovalRule.USUAL_WAIT), List.of());
        }
        Members terms = Members.of(value, at, problems);
        if (terms == null) {
            return null;
        }
        terms.only(APPROVAL_KEYS);
        String reason = terms.text("reason", PolicyLimits.REASON_CHARACTERS);
        int needed = terms.integer("approvals", 1, 1, ApprovalRule.MAX_NEEDED);
        List<String> approvers = new ArrayList<>();
        for (JsonValue approver : terms.list("approvers", MAX_APPROVERS)) {
            if (approver instanceof JsonString text && !text.value().isEmpty() && !approvers.contains(text.value())) {
                approvers.add(text.value());
            } else {
                terms.wrong("approvers", "must be a list of names, each once");
            }
        }
        if (terms.has("approvers") && approvers.size() < needed) {
            terms.wrong("approvers", "are fewer than the approvals that are needed");
            return null;
        }
        long expires = terms.seconds("expires", PolicyLimits.APPROVAL_SECONDS);
        return new ApprovalTerms(
                new ApprovalRule(at, reason == null ? "" : reason, needed, approvers, terms.flag("owner"),
                        expires < 0 ? ApprovalRule.USUAL_WAIT : Duration.ofSeconds(expires)),
                conditions.list(terms, "when", ConditionReader.WITHOUT_STATE));
    }

    @Nullable
    PriceRule price(Members entry) {
        if (!entry.has("price")) {
            return null;
        }
        Members price = Members.of(entry.get("price"), entry.at("price"), problems);
        if (price == null) {
            return null;
        }
        price.only(PRICE_KEYS);
        String currency = price.object.string("currency");
        if (currency == null || !Money.isCurrency(currency)) {
            problems.add(price.pointer, "lacks currency, 3 to 8 letters of A to Z");
            return null;
        }
        int scale = price.integer("scale", Decimal.MAX_FRACTION_DIGITS, 0, Decimal.MAX_FRACTION_DIGITS);
        if (price.has("amount")) {
            Decimal amount = price.decimal("amount");
            if (price.has("from") || price.has("reserve") || price.has("scale")) {
                price.wrong("amount", "is the whole price; from, scale and reserve say nothing beside it");
            }
            return amount == null ? null : new PriceRule(price.pointer, currency, amount, null, scale);
        }
        String text = price.text("from", FactPath.MAX_CHARACTERS);
        FactPath from = text == null ? null : FactPath.fromText(text);
        if (from == null || (from.root() != FactPath.Root.ARGS && from.root() != FactPath.Root.RESULT)) {
            problems.add(price.pointer, "needs amount, or from with a path into args or result");
            return null;
        }
        if (from.root() == FactPath.Root.ARGS) {
            if (price.has("reserve")) {
                price.wrong("reserve", "says nothing: the arguments say the price before the call");
            }
            return new PriceRule(price.pointer, currency, null, from, scale);
        }
        Decimal reserve = price.decimal("reserve");
        if (!price.has("reserve")) {
            problems.add(price.pointer, "lacks reserve: what is set aside until the result says the price");
        }
        return reserve == null ? null : new PriceRule(price.pointer, currency, reserve, from, scale);
    }

    ResponseRules response(Members entry, RuleReader rules) {
        if (!entry.has("response")) {
            return ResponseRules.NONE;
        }
        Members response = Members.of(entry.get("response"), entry.at("response"), problems);
        if (response == null) {
            return ResponseRules.NONE;
        }
        response.only(RESPONSE_KEYS);
        int maxBytes = response.integer("max_bytes", 0, 1, PolicyLimits.RESPONSE_BYTES);
        List<Redaction> redactions = new ArrayList<>();
        List<JsonValue> values = response.list("redact", PolicyLimits.REDACTIONS);
        for (int i = 0; i < values.size(); i++) {
            Redaction redaction = redaction(values.get(i), Pointer.to(response.at("redact"), i));
            if (redaction != null) {
                redactions.add(redaction);
            }
        }
        return new ResponseRules(response.pointer, maxBytes,
                rules.denials(response, "deny_if", ConditionReader.OF_RESULT), redactions);
    }

    private @Nullable Redaction redaction(JsonValue value, String at) {
        if (value instanceof JsonObject object) {
            var members = new Members(object, at, problems);
            members.only(PATTERN_KEYS);
            String text = members.text("pattern", LinearPattern.MAX_CHARACTERS);
            String with = members.text("with", PolicyLimits.NAME_CHARACTERS);
            LinearPattern.Outcome outcome = LinearPattern.compile(text == null ? "(" : text);
            if (outcome instanceof LinearPattern.Compiled compiled) {
                return new Redaction.Text(compiled.pattern(), with == null ? Redaction.REDACTED : with);
            }
            problems.add(Pointer.to(at, "pattern"), text == null ? "is needed"
                    : outcome instanceof LinearPattern.Bad bad ? bad.problem() : "is none");
            return null;
        }
        FactPath path = value instanceof JsonString text ? FactPath.fromText(text.value()) : null;
        if (path == null || path.root() != FactPath.Root.RESULT || path.segments().isEmpty()) {
            problems.add(at, "must be a path such as result.user.email or result.items.*.email, or {pattern, with}");
            return null;
        }
        return new Redaction.Place(path.segments());
    }
}
