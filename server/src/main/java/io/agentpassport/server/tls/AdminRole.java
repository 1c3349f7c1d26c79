package io.agentpassport.server.tls;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an admin may do besides looking, which every admin may; whoever does several things has several. */
public enum AdminRole {
    /** Issues and revokes certificates, makes join tokens, says whose trust bundles and anchors are believed. */
    ISSUER,
    /** Puts policies. */
    POLICY,
    /** Gives and takes grants, funds budgets, ends sessions, accepts and quarantines tools. */
    OPERATOR,
    /** Reads the whole log, with what is private in it. */
    AUDITOR,
    /** Decides approvals. */
    APPROVER;

    private static final Map<String, AdminRole> BY_TEXT = Stream.of(values())
            .collect(Collectors.toUnmodifiableMap(AdminRole::text, Function.identity()));

    /** As certificates, commands and the contract write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that text, or null. */
    public static @Nullable AdminRole fromText(String text) {
        return BY_TEXT.get(text);
    }
}
