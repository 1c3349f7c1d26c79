package io.agentpassport.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows under headings, each column as wide as its widest entry; what does not show is escaped. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    void row(String... cells) {
        rows.add(Stream.of(cells).map(Visible::text).toList());
    }

    /** The lines, headings first; without a row the word none. */
    List<String> linesOrNone() {
        return rows.size() == 1 ? List.of("none") : lines();
    }

    /** The lines, headings first. */
    List<String> lines() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
            }
            return line.toString().stripTrailing();
        }).toList();
    }
}
