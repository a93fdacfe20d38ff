package dev.fixpoint.rulelang;

import dev.fixpoint.bound.Range;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a contract may ask of the range of a value. */
enum RangeFunction {
  /** The smallest number that an element can be. */
  LOWER,
  /** The largest number that an element can be. */
  UPPER,
  /** The largest absolute value that an element can have. */
  MAGNITUDE;

  /** The function with a name, or null. */
  static @Nullable RangeFunction ofText(String text) {
    return Arrays.stream(values()).filter(f -> f.text().equals(text)).findFirst().orElse(null);
  }

  /** The names of all. */
  static List<String> names() {
    return Arrays.stream(values()).map(RangeFunction::text).toList();
  }

  private String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  double of(Range range) {
    return switch (this) {
      case LOWER -> range.hull().low();
      case UPPER -> range.hull().high();
      case MAGNITUDE -> range.magnitude();
    };
  }
}
