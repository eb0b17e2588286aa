package dev.larder.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table of text: the first column to the left, the others to the right. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    /** Starts with the header of the first column. */
    Table(String header) {
        row(header);
    }

    void header(String... headers) {
        rows.get(0).addAll(List.of(headers));
    }

    /** Starts a row. */
    Table row(String label) {
        rows.add(new ArrayList<>(List.of(label)));
        return this;
    }

    /** Adds a cell to the last row. */
    Table cell(String format, Object... arguments) {
        rows.get(rows.size() - 1).add(String.format(Locale.ROOT, format, arguments));
        return this;
    }

    /** Adds a cell with the median, and one with the lowest and the highest. */
    Table spread(String format, Spread spread) {
        return cell(format, spread.median()).cell(format + ".." + format, spread.lowest(), spread.highest());
    }

    void print(PrintStream out) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String padding = " ".repeat(width(column) - row.get(column).length());
                line.append(column == 0 ? row.get(column) + padding : "  " + padding + row.get(column));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> column < row.size())
                .mapToInt(row -> row.get(column).length())
                .max()
                .orElse(0);
    }
}
