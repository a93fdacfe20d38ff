package dev.fixpoint.grammar;

import java.util.Arrays;

/**
 * Reads a list of literals in one go over the characters, with what {@code TextLexicon.g4} says of
 * blanks, comments, numbers and strings, and keeps only where each element begins.
 */
final class LiteralScanner {

  private final SourceText source;
  private final String text;
  private final int open;
  private final char close;
  private int position;
  private int[] starts = new int[8];
  private int size;
  private boolean floats;
  private boolean strings;

  private LiteralScanner(SourceText source, int open, char close) {
    this.source = source;
    this.text = source.text();
    this.open = open;
    this.close = close;
    this.position = open + 1;
  }

  /**
   * The list whose opening bracket stands at an offset.
   *
   * @throws SyntaxException if something other than literals, commas and the closing bracket
   *     follows
   */
  static LiteralList scan(SourceText source, SourceRange open, char close) {
    var scanner = new LiteralScanner(source, open.start(), close);
    scanner.scanElements();
    var range =
        new SourceRange(open.source(), open.line(), open.column(), open.start(), scanner.position);
    LiteralKind kind =
        scanner.strings
            ? LiteralKind.STRING
            : scanner.floats ? LiteralKind.FLOAT : LiteralKind.INTEGER;
    return new LiteralList(source, Arrays.copyOf(scanner.starts, scanner.size), kind, range);
  }

  /** The offset of the first character from an offset on that is neither blank nor comment. */
  static int skipBlanks(String text, int from) {
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '#') {
        int lineEnd = text.indexOf('\n', i);
        i = lineEnd < 0 ? text.length() : lineEnd;
      } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
        i++;
      } else {
        break;
      }
    }
    return i;
  }

  /** The offset after the word of letters and digits that begins at an offset. */
  static int wordEnd(String text, int from) {
    int i = from;
    while (i < text.length()
        && (Spelling.isLetter(text.charAt(i)) || Spelling.isDigit(text.charAt(i)))) {
      i++;
    }
    return i;
  }

  /**
   * Whether the characters between two offsets spell {@code nan}, {@code inf}, {@code infinity}.
   */
  static boolean isNonFinite(String text, int start, int end) {
    return isWord(text, start, end, "nan")
        || isWord(text, start, end, "inf")
        || isWord(text, start, end, "infinity");
  }

  /** The offset after the literal, known to be well-formed, that begins at an offset. */
  static int endOf(String text, int start) {
    if (text.charAt(start) == '"') {
      return stringEnd(text, start);
    }
    int i = start + 1;
    while (i < text.length() && isNumberCharacter(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** The offset after the string that begins at an offset, or -1 if it has no closing quote. */
  static int stringEnd(String text, int start) {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i++;
      }
    }
    return -1;
  }

  private void scanElements() {
    position = skipBlanks(text, position);
    if (at() == close) {
      position++;
      return;
    }
    while (true) {
      add(position);
      position = skipBlanks(text, scanElement());
      if (at() == close) {
        position++;
        return;
      }
      if (at() != ',') {
        throw expected("',' or '" + close + "'");
      }
      position = skipBlanks(text, position + 1);
    }
  }

  private void add(int start) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, size * 2);
    }
    starts[size++] = start;
  }

  /** The offset after the element at the current position. */
  private int scanElement() {
    boolean first = size == 1;
    if (at() == '"' && (first || strings)) {
      strings = true;
      return scanString();
    }
    if (strings) {
      throw expected("a quoted string like the first of its list");
    }
    int digits = at() == '-' ? position + 1 : position;
    if (digits < text.length() && Spelling.isDigit(text.charAt(digits))) {
      return scanNumber(digits);
    }
    int end = wordEnd(text, digits);
    if (isNonFinite(text, digits, end)) {
      floats = true;
      return end;
    }
    throw expected(first ? "a number, a quoted string or '" + close + "'" : "a number");
  }

  private int scanString() {
    int end = stringEnd(text, position);
    if (end < 0) {
      throw problem(position, position + 1, "this string has no closing '\"'");
    }
    if (end - position > Limits.STRING) {
      throw tooLong("string", end, Limits.STRING);
    }
    return end;
  }

  private int scanNumber(int digits) {
    int i = skipDigits(digits);
    if (i < text.length() && text.charAt(i) == '.') {
      floats = true;
      i = skipDigits(i + 1);
    }
    if (i < text.length() && (text.charAt(i) | 0x20) == 'e') {
      int exponent = i + 1;
      if (exponent < text.length()
          && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
        exponent++;
      }
      int end = skipDigits(exponent);
      if (end > exponent) {
        floats = true;
        i = end;
      }
    }
    if (i - position > Limits.NUMBER) {
      throw tooLong("number", i, Limits.NUMBER);
    }
    if (i < text.length() && isNumberCharacter(text.charAt(i))) {
      position = i;
      throw expected("',' or '" + close + "'");
    }
    return i;
  }

  private int skipDigits(int from) {
    int i = from;
    while (i < text.length() && Spelling.isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isNumberCharacter(char c) {
    return Spelling.isDigit(c) || Spelling.isLetter(c) || c == '.' || c == '+' || c == '-';
  }

  private static boolean isWord(String text, int start, int end, String word) {
    return end - start == word.length() && text.regionMatches(true, start, word, 0, word.length());
  }

  private char at() {
    return position < text.length() ? text.charAt(position) : '\0';
  }

  private SyntaxException expected(String expected) {
    if (position >= text.length()) {
      return problem(
          position,
          position,
          "found the end of the text in the list that opens at %s, expected %s"
              .formatted(source.range(open, open), expected));
    }
    int end = wordEnd(text, position);
    if (at() == '"') {
      end = stringEnd(text, position);
    }
    if (end <= position) {
      end = position + Character.charCount(text.codePointAt(position));
    }
    return problem(
        position,
        end,
        "found " + Spelling.shown(text.substring(position, end)) + ", expected " + expected);
  }

  private SyntaxException tooLong(String what, int end, int limit) {
    return problem(
        position,
        end,
        "found a %s of %,d characters, expected at most %,d"
            .formatted(what, end - position, limit));
  }

  private SyntaxException problem(int start, int end, String problem) {
    return new SyntaxException(source.range(start, end), problem);
  }
}
