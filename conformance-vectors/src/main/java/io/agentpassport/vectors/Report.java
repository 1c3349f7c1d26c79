package io.agentpassport.vectors;

import java.util.List;
import java.util.SortedMap;

/**
 * The outcome of a run.
 *
 * @param results one for each vector that was asked, and for each file that could not be
 * @param notServed how many vectors of which primitive the subject does not serve; they were not asked
 */
public record Report(List<Result> results, SortedMap<String, Integer> notServed) {

    /** Copies the list. */
    public Report {
        results = List.copyOf(results);
    }

    /** How many passed. */
    public long passed() {
        return results.stream().filter(Result::passed).count();
    }

    /** How many failed. */
    public long failed() {
        return results.size() - passed();
    }

    /** Whether something was asked and nothing failed. */
    public boolean isOk() {
        return !results.isEmpty() && failed() == 0;
    }

    /** Each failure with expected and got, what was not asked, and last {@code N passed, N failed}. */
    public String text() {
        var text = new StringBuilder();
        for (Result result : results) {
            if (!result.passed()) {
                text.append(result.text()).append('\n');
            }
        }
        if (!notServed.isEmpty()) {
            text.append("not served here, not asked: ").append(notServed).append('\n');
        }
        return text.append(passed()).append(" passed, ").append(failed()).append(" failed").toString();
    }
}
