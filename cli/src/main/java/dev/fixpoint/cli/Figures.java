package dev.fixpoint.cli;

import java.util.Locale;

/** Numbers as text, the same in every locale. */
final class Figures {
  private Figures() {}

  /** With a number of digits behind the point. */
  static String fixed(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** With three significant digits, for what may be very small. */
  static String small(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value);
  }

  /** Grouped by thousands. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A share in percent. */
  static String percent(double share) {
    return fixed(100 * share, 1) + " %";
  }
}
