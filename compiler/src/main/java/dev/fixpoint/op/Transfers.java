package dev.fixpoint.op;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.tensor.ElementType;
import java.util.Collections;
import java.util.List;

/** The usual forms of range transfer, error transfer and local error. */
public final class Transfers {
  private Transfers() {}

  /** The same value for each of a number of outputs. */
  public static <T> List<T> each(int count, T value) {
    return Collections.nCopies(count, value);
  }

  /**
   * The most that rounding once to a floating-point type changes a value in a range: half a unit in
   * the last place at its largest magnitude. Exact for integers and truth values.
   */
  public static ErrorBound rounding(ElementType type, Range range) {
    if (!type.isFloat()) {
      return ErrorBound.EXACT;
    }
    double[] halves =
        range.intervals().stream().mapToDouble(i -> halfUlp(type, i.magnitude())).toArray();
    return ErrorBound.of(range.spread(), halves);
  }

  /** Half a unit in the last place of a type at a magnitude, from above; infinite if it overflows. */
  public static double halfUlp(ElementType type, double magnitude) {
    return switch (type) {
      case FLOAT -> Outward.halfUlpFloat(magnitude);
      case DOUBLE -> Math.ulp(Math.nextUp(magnitude)) / 2;
      case FLOAT16 -> half(magnitude, 65504, -14, 11);
      case BFLOAT16 -> half(magnitude, 0x1.fep127, -126, 8);
      default -> Double.POSITIVE_INFINITY;
    };
  }

  private static double half(double magnitude, double max, int minExponent, int precision) {
    if (!(magnitude <= max)) {
      return Double.POSITIVE_INFINITY;
    }
    int exponent = Math.max(Math.getExponent(Math.nextUp(magnitude)), minExponent);
    return Math.scalb(1.0, exponent - precision);
  }

  /**
   * The error of a function with Lipschitz constant {@code constant} whose reference rounds once, on
   * both sides: {@code constant · error + 2 · rounding}; exact where the input is.
   */
  public static ErrorBound lipschitz(
      double constant, ErrorBound error, ElementType type, Range output) {
    if (error instanceof ErrorBound.Exact) {
      return error;
    }
    return error.scaledBy(constant).plus(rounding(type, output).scaledBy(2));
  }
}
