package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tool seems to do, judged by what its server says of it: a first guess for a person to look over, on the side of
 * caution. A hint of the server can make it look more dangerous, never less.
 *
 * @param kind
 *            what it does
 * @param reason
 *            what of the definition says so, for people
 */
public record ToolRisk(Kind kind, Level level, String reason) {

    /** What a tool does, the worst first. */
    public enum Kind {
        /** It removes what may not come back. */
        DESTRUCTIVE(Level.HIGH,
                Set.of("delete", "remove", "drop", "destroy", "purge", "wipe", "truncate", "erase", "kill",
                        "terminate", "revoke", "uninstall", "shutdown", "reset", "clear", "cancel", "unlink", "rm")),
        /** It moves money. */
        FINANCIAL(Level.HIGH,
                Set.of("pay", "payment", "payments", "charge", "transfer", "refund", "purchase", "buy", "sell",
                        "withdraw", "deposit", "payout", "trade", "spend", "donate", "checkout", "wallet", "invoice",
                        "escrow")),
        /** It runs what it is given. */
        EXECUTE(Level.HIGH, Set.of("exec", "execute", "run", "shell", "command", "eval", "evaluate", "script", "spawn",
                "deploy", "launch", "invoke", "bash", "terminal", "sudo")),
        /** It changes something. */
        WRITE(Level.MEDIUM,
                Set.of("create", "write", "update", "set", "put", "post", "send", "edit", "add", "insert", "move",
                        "rename", "upload", "save", "modify", "append", "publish", "merge", "push", "commit", "toggle",
                        "register",
                        "issue", "sign", "grant", "approve", "assign", "enable", "disable", "start", "stop", "patch",
                        "import",
                        "generate", "make", "trigger", "subscribe", "join", "delegate", "submit", "complete", "store",
                        "reply")),
        /** It only looks. */
        READ(Level.LOW,
                Set.of("get", "list", "read", "search", "find", "fetch", "query", "describe", "show", "view", "count",
                        "check", "lookup", "status", "verify", "echo", "ping", "print", "compute", "calculate",
                        "inspect", "diff",
                        "tree", "info", "help", "validate", "compare", "explain", "summarize", "directory", "clock",
                        "time",
                        "calculator", "resolve", "export", "download", "browse", "preview", "simulate"));

        private final Level level;
        @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
        private final Set<String> words;

        Kind(Level level, Set<String> words) {
            this.level = level;
            this.words = words;
        }

        /** The word in answers, such as {@code read}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much harm it can do. */
    public enum Level {
        LOW, MEDIUM, HIGH;

        /** The word in answers, such as {@code low}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Set<String> EXECUTES = Set.of("command", "cmd", "script", "code", "sql", "shell");
    private static final Set<String> REACHES = Set.of("url", "uri", "endpoint", "webhook", "host");
    private static final int WORDS_OF_DESCRIPTION = 12;

    /** Judges a definition. */
    public static ToolRisk of(ToolDefinition definition) {
        JsonObject annotations = definition.json().object("annotations");
        List<String> name = words(definition.name());
        ToolRisk judged = byName(name);
        if (judged == null) {
            judged = byDescription(definition);
        }
        judged = worse(judged, byArguments(definition));
        if (annotations != null && annotations.get("destructiveHint") == JsonBoolean.TRUE
                && annotations.get("readOnlyHint") != JsonBoolean.TRUE) {
            // By the protocol this hint means nothing for a tool that only reads.
            judged = worse(judged, new ToolRisk(Kind.DESTRUCTIVE, Level.HIGH, "its server says that it may destroy"));
        }
        if (judged != null) {
            return judged;
        }
        return annotations != null && annotations.get("readOnlyHint") == JsonBoolean.TRUE
                ? new ToolRisk(Kind.READ, Level.MEDIUM, "its server says that it only reads; nothing else does")
                : new ToolRisk(Kind.WRITE, Level.MEDIUM, "nothing says what it does, so it may change something");
    }

    /** The worst that a word of the name says; of a name such as get_delete_log the first word decides that it reads. */
    private static @Nullable ToolRisk byName(List<String> name) {
        if (!name.isEmpty() && Kind.READ.words.contains(name.get(0))) {
            return new ToolRisk(Kind.READ, Level.LOW, "its name begins with `" + name.get(0) + "`");
        }
        for (Kind kind : Kind.values()) {
            for (String word : name) {
                if (kind.words.contains(word)) {
                    return new ToolRisk(kind, kind.level, "its name has `" + word + "`");
                }
            }
        }
        return null;
    }

    private static @Nullable ToolRisk byDescription(ToolDefinition definition) {
        String description = definition.json().string("description");
        List<String> words = description == null ? List.of() : words(description);
        for (Kind kind : Kind.values()) {
            for (String word : words.subList(0, Math.min(words.size(), WORDS_OF_DESCRIPTION))) {
                String stem = word.endsWith("s") && word.length() > 3 ? word.substring(0, word.length() - 1) : word;
                if (kind.words.contains(word) || kind.words.contains(stem)) {
                    Level level = kind == Kind.READ ? Level.MEDIUM : kind.level;
                    return new ToolRisk(kind, level, "its description says `" + word + "`");
                }
            }
        }
        return null;
    }

    private static @Nullable ToolRisk byArguments(ToolDefinition definition) {
        JsonObject schema = definition.json().object("inputSchema");
        JsonObject properties = schema == null ? null : schema.object("properties");
        if (properties == null) {
            return null;
        }
        ToolRisk found = null;
        boolean amount = false;
        boolean currency = false;
        for (int i = 0; i < properties.size(); i++) {
            String name = properties.name(i).toLowerCase(Locale.ROOT);
            amount |= name.contains("amount");
            currency |= name.contains("currency");
            if (EXECUTES.contains(name)) {
                found = worse(found, new ToolRisk(Kind.EXECUTE, Level.HIGH, "it takes `" + name + "`"));
            } else if (REACHES.contains(name)) {
                found = worse(found,
                        new ToolRisk(Kind.READ, Level.MEDIUM, "it takes `" + name + "`, so it reaches other systems"));
            }
        }
        return amount && currency
                ? worse(found, new ToolRisk(Kind.FINANCIAL, Level.HIGH, "it takes an amount and a currency"))
                : found;
    }

    private static @Nullable ToolRisk worse(@Nullable ToolRisk one, @Nullable ToolRisk other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        if (one.kind != other.kind) {
            return one.kind.compareTo(other.kind) < 0 ? one : other;
        }
        return one.level.compareTo(other.level) >= 0 ? one : other;
    }

    /** Words in lower case, of {@code snake_case}, {@code camelCase} and plain text. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        String spaced = text.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ");
        for (String word : spaced.split("[^A-Za-z0-9]+", 256)) {
            if (!word.isEmpty()) {
                words.add(word.toLowerCase(Locale.ROOT));
            }
        }
        return words;
    }
}
