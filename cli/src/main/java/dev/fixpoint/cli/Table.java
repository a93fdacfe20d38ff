package dev.fixpoint.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text whose columns are aligned: the first column to the left, numbers to the right. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();
  private final String alignment;

  /**
   * A table with a head.
   *
   * @param alignment {@code l} or {@code r} for each column
   */
  Table(String alignment, String... head) {
    this.alignment = alignment;
    row(head);
  }

  /** Adds a row. */
  void row(String... cells) {
    if (cells.length != alignment.length()) {
      throw new IllegalArgumentException(
          "a row has " + alignment.length() + " cells, not " + cells.length);
    }
    rows.add(List.of(cells));
  }

  /** Prints the rows. */
  void print(Console console) {
    int[] widths = new int[alignment.length()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      List<String> row = rows.get(r);
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String space = " ".repeat(widths[i] - row.get(i).length());
        line.append("  ");
        line.append(alignment.charAt(i) == 'l' ? row.get(i) + space : space + row.get(i));
      }
      String text = line.toString().stripTrailing();
      console.line(r == 0 ? Terminal.OUT.styled("bold", text) : text);
    }
  }
}
