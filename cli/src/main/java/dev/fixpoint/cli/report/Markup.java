package dev.fixpoint.cli.report;

import java.util.Locale;

/** Text and numbers as they stand in a page, the same in every locale. */
final class Markup {
  private Markup() {}

  /** Text with what has a meaning in HTML, XML and attributes escaped, and controls replaced. */
  static String text(String raw) {
    StringBuilder safe = new StringBuilder();
    raw.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '&' -> safe.append("&amp;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(isAllowed(point) ? point : 0xFFFD);
              }
            });
    return safe.toString();
  }

  private static boolean isAllowed(int point) {
    boolean surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point >= 0x20 && !surrogate && point != 0xFFFE && point != 0xFFFF
        || point == '\n'
        || point == '\t';
  }

  /** A number with so many significant digits. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  /** A number with a format of {@link String#format}. */
  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
