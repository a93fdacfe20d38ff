package dev.fixpoint.grammar;

import java.util.function.Supplier;

/**
 * The values of literals: each conversion starts from the spelling and rounds at most once, so that
 * a float32 is not rounded by way of a double, and integers are exact over all 64 bits.
 */
final class Numerals {

  private static final int NEGATIVE_FLOAT_NAN = 0xFFC0_0000;
  private static final long NEGATIVE_DOUBLE_NAN = 0xFFF8_0000_0000_0000L;

  private Numerals() {}

  static LiteralKind kindOf(String written) {
    char first = written.charAt(0);
    if (first == '"') {
      return LiteralKind.STRING;
    }
    for (int i = first == '-' ? 1 : 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c < '0' || c > '9') {
        return LiteralKind.FLOAT;
      }
    }
    return LiteralKind.INTEGER;
  }

  /** A signed integer of 64 bits, spelled between two offsets. */
  static long longValue(String text, int start, int end, Supplier<SourceRange> range) {
    try {
      return Long.parseLong(text, start, end, 10);
    } catch (NumberFormatException e) {
      throw integerExpected(text.substring(start, end), "int64", range, e);
    }
  }

  /** The bits of an unsigned integer of 64 bits, spelled between two offsets. */
  static long unsignedLongValue(String text, int start, int end, Supplier<SourceRange> range) {
    try {
      return Long.parseUnsignedLong(text, start, end, 10);
    } catch (NumberFormatException e) {
      throw integerExpected(text.substring(start, end), "uint64", range, e);
    }
  }

  /** The float32 nearest to the spelled number, ties to even. */
  static float floatValue(String written, Supplier<SourceRange> range) {
    if (isNonFinite(written)) {
      boolean negative = written.charAt(0) == '-';
      if (isNan(written)) {
        return negative ? Float.intBitsToFloat(NEGATIVE_FLOAT_NAN) : Float.NaN;
      }
      return negative ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
    }
    requireNumber(written, range);
    float value = Float.parseFloat(written);
    if (Float.isInfinite(value)) {
      throw tooLarge(written, "float32", range);
    }
    return value;
  }

  /** The double nearest to the spelled number, ties to even. */
  static double doubleValue(String written, Supplier<SourceRange> range) {
    if (isNonFinite(written)) {
      boolean negative = written.charAt(0) == '-';
      if (isNan(written)) {
        return negative ? Double.longBitsToDouble(NEGATIVE_DOUBLE_NAN) : Double.NaN;
      }
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    requireNumber(written, range);
    double value = Double.parseDouble(written);
    if (Double.isInfinite(value)) {
      throw tooLarge(written, "float64", range);
    }
    return value;
  }

  /** The characters of a quoted string. */
  static String stringValue(String written, Supplier<SourceRange> range) {
    if (kindOf(written) != LiteralKind.STRING) {
      throw new SyntaxException(
          range.get(), "found " + Spelling.shown(written) + ", expected a quoted string");
    }
    return Spelling.unquoted(written);
  }

  private static boolean isNonFinite(String written) {
    char last = written.charAt(written.length() - 1);
    return Character.isLetter(last);
  }

  private static boolean isNan(String written) {
    char first = written.charAt(written.charAt(0) == '-' ? 1 : 0);
    return first == 'n' || first == 'N';
  }

  private static void requireNumber(String written, Supplier<SourceRange> range) {
    if (written.charAt(0) == '"') {
      throw new SyntaxException(
          range.get(), "found " + Spelling.shown(written) + ", expected a number");
    }
  }

  private static SyntaxException integerExpected(
      String written, String type, Supplier<SourceRange> range, NumberFormatException cause) {
    String expected =
        kindOf(written) == LiteralKind.INTEGER ? "an integer within " + type : "an integer";
    var exception =
        new SyntaxException(
            range.get(), "found " + Spelling.shown(written) + ", expected " + expected);
    exception.initCause(cause);
    return exception;
  }

  private static SyntaxException tooLarge(
      String written, String type, Supplier<SourceRange> range) {
    return new SyntaxException(
        range.get(), "found " + Spelling.shown(written) + ", expected a number within " + type);
  }
}
