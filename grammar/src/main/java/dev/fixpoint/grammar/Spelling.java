package dev.fixpoint.grammar;

import java.util.Locale;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.TerminalNode;

/** How names and strings are written in texts, and back. */
public final class Spelling {

  private static final int SHOWN = 40;

  private Spelling() {}

  /**
   * The name or string that one token spells: without quotes and escapes if it is quoted.
   *
   * @param context a rule that matches one token, such as {@code quotableId} or {@code quotedStr}
   */
  public static String nameOf(ParserRuleContext context) {
    return unquoted(context.getStart().getText());
  }

  /** The name or string that one token spells: without quotes and escapes if it is quoted. */
  public static String nameOf(TerminalNode token) {
    return unquoted(token.getText());
  }

  /**
   * A string in double quotes. Quotes and backslashes in it are escaped, everything else, line
   * breaks included, stands for itself.
   */
  public static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Whether a name can stand without quotes: letters, digits and underscores, no digit first. */
  public static boolean isIdentifier(String name) {
    if (name.isEmpty() || isDigit(name.charAt(0))) {
      return false;
    }
    return name.chars().allMatch(c -> isLetter(c) || isDigit(c));
  }

  /** Without quotes and escapes if quoted, else as it is. */
  static String unquoted(String written) {
    if (written.isEmpty() || written.charAt(0) != '"') {
      return written;
    }
    int end = written.length() - 1;
    if (written.indexOf('\\') < 0) {
      return written.substring(1, end);
    }
    var value = new StringBuilder(end);
    for (int i = 1; i < end; i++) {
      char c = written.charAt(i);
      value.append(c == '\\' ? written.charAt(++i) : c);
    }
    return value.toString();
  }

  /** What was found, for messages: in single quotes, one line, short, in visible characters. */
  static String shown(String found) {
    var shown = new StringBuilder("'");
    int length = Math.min(found.length(), SHOWN);
    if (length < found.length() && Character.isHighSurrogate(found.charAt(length - 1))) {
      length--;
    }
    found.codePoints().limit(found.codePointCount(0, length)).forEach(c -> append(shown, c));
    return shown.append(length < found.length() ? "…'" : "'").toString();
  }

  private static void append(StringBuilder shown, int codePoint) {
    if (codePoint == ' ') {
      shown.append(' ');
      return;
    }
    switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          shown.append(String.format(Locale.ROOT, "\\u%04X", codePoint));
      default -> shown.appendCodePoint(codePoint);
    }
  }

  static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
