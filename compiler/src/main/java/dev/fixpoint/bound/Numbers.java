package dev.fixpoint.bound;

import java.util.Locale;

/** Short texts of numbers, for messages. */
final class Numbers {
  private Numbers() {}

  static String shortText(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
