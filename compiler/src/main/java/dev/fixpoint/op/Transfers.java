package dev.fixpoint.op;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
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

  /**
   * Half a unit in the last place of a type at a magnitude, from above; infinite if it overflows.
   */
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
   * The error of a function with Lipschitz constant {@code constant} whose reference rounds once,
   * on both sides: {@code constant · error + 2 · rounding}; exact where the input is.
   */
  public static ErrorBound lipschitz(
      double constant, ErrorBound error, ElementType type, Range output) {
    if (error instanceof ErrorBound.Exact) {
      return error;
    }
    return error.scaledBy(constant).plus(rounding(type, output).scaledBy(2));
  }

  /**
   * The unit roundoff of a floating-point type: half the distance from 1 to the next larger number.
   */
  public static double unitRoundoff(ElementType type) {
    return switch (type) {
      case FLOAT -> 0x1p-24;
      case DOUBLE -> 0x1p-53;
      case FLOAT16 -> 0x1p-11;
      case BFLOAT16 -> 0x1p-8;
      default -> throw new IllegalArgumentException(type.text() + " is not computed in");
    };
  }

  /** The smallest positive number of a floating-point type. */
  public static double smallest(ElementType type) {
    return switch (type) {
      case FLOAT -> 0x1p-149;
      case DOUBLE -> Double.MIN_VALUE;
      case FLOAT16 -> 0x1p-24;
      case BFLOAT16 -> 0x1p-133;
      default -> throw new IllegalArgumentException(type.text() + " is not computed in");
    };
  }

  /** A number rounded once to a floating-point type, half to even. */
  public static double round(ElementType type, double value) {
    return switch (type) {
      case FLOAT -> (float) value;
      case DOUBLE -> value;
      default -> Tensor.scalar(type, value).doubleAt(0);
    };
  }

  /**
   * An interval of real results together with what becomes of them when they are stored: the ends
   * rounded to a floating-point type; all of an integer type where a result may wrap around. Of
   * 64-bit integers beyond 2^53, intervals know no more than their nearest double.
   */
  public static Interval stored(ElementType type, Interval real) {
    if (type.isFloat()) {
      double low = round(type, real.low());
      double high = round(type, real.high());
      // Formats without infinity make NaN of what is too large.
      boolean fits = !Double.isNaN(low) && !Double.isNaN(high);
      return fits ? real.join(new Interval(low, high)) : Interval.ALL;
    }
    Interval all = all(type);
    // In double the largest 64-bit integer is that plus one.
    boolean fits = type.bits() == 64 ? real.high() < all.high() : real.high() <= all.high();
    return fits && real.low() >= all.low() ? real : all;
  }

  /** The interval of all numbers that a type holds; truth values are 0 and 1. */
  public static Interval all(ElementType type) {
    if (type == ElementType.BOOL) {
      return new Interval(0, 1);
    }
    if (type == ElementType.UINT64) {
      return new Interval(0, 0x1p64);
    }
    return type.isInteger() ? new Interval(type.minInteger(), type.maxInteger()) : Interval.ALL;
  }

  /**
   * Distance of a result that was computed in double, within four ulps, and rounded once, from the
   * real one of at most the given magnitude; 0 for integers and truth values.
   */
  public static double evaluation(ElementType type, double magnitude) {
    if (type.isInteger() || type == ElementType.BOOL) {
      return 0;
    }
    double inDouble = Outward.addUp(Outward.multiplyUp(magnitude, 0x1p-50), Double.MIN_VALUE);
    return Outward.addUp(halfUlp(type, Outward.addUp(magnitude, inDouble)), inDouble);
  }

  /** As {@link #evaluation(ElementType, double)}, for real results in a range. */
  public static ErrorBound evaluation(ElementType type, Range real) {
    double[] values =
        real.intervals().stream().mapToDouble(y -> evaluation(type, y.magnitude())).toArray();
    return ErrorBound.of(real.spread(), values);
  }

  /**
   * The factor {@code γₙ = n u / (1 - n u)} that bounds n roundings in a row (Higham, Accuracy and
   * Stability of Numerical Algorithms, 2002, section 3.1); infinite where they may double a value.
   */
  public static double gamma(ElementType type, long roundings) {
    double nu = roundings * unitRoundoff(type);
    return nu < 0.5 ? Outward.divideUp(nu, 1 - nu) : Double.POSITIVE_INFINITY;
  }
}
