package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What was looked at and found, one finding for each thing. */
final class Diagnosis {

    /** How it stands with one thing. */
    enum Grade {
        OK, WARN, FAIL
    }

    /**
     * What was found.
     *
     * @param what
     *            was looked at
     * @param found
     *            in words
     * @param advice
     *            what to do; empty where nothing is to be done
     */
    record Finding(String what, Grade grade, String found, String advice) {

        String line() {
            return "%-5s %-16s %s".formatted(grade, what, found) + (advice.isEmpty() ? "" : "; " + advice);
        }

        JsonObject json() {
            return JsonObject.builder()
                    .put("check", what)
                    .put("grade", grade.name())
                    .put("found", found)
                    .put("advice", advice)
                    .build();
        }
    }

    private final List<Finding> findings = new ArrayList<>();

    void ok(String what, String found) {
        findings.add(new Finding(what, Grade.OK, found, ""));
    }

    void warn(String what, String found, String advice) {
        findings.add(new Finding(what, Grade.WARN, found, advice));
    }

    void fail(String what, String found, String advice) {
        findings.add(new Finding(what, Grade.FAIL, found, advice));
    }

    /** What is good when nothing is thrown; the message of a {@link ConfigException} says by itself what to do. */
    void tried(String what, Supplier<String> found) {
        try {
            ok(what, found.get());
        } catch (ConfigException e) {
            fail(what, String.valueOf(e.getMessage()), "");
        }
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    boolean hasFailed() {
        return findings.stream().anyMatch(finding -> finding.grade() == Grade.FAIL);
    }
}
