package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A conversion between element types by the rules of ONNX Cast: floats round once, half to even;
 * floats become integers by truncation; integers too wide lose their high bits, and floats, too,
 * for which ONNX leaves it open; anything but zero is true.
 *
 * @param from type of the elements
 * @param to type of the result
 * @param saturate whether numbers too large for an 8-bit float become the largest one
 * @param roundMode how numbers between powers of two become float8e8m0: up, down or nearest
 */
record Conversion(ElementType from, ElementType to, boolean saturate, String roundMode) {
  /** Converts a tensor. */
  Tensor apply(Tensor x) {
    if (from == to) {
      return x;
    }
    if (from == ElementType.STRING) {
      return ofStrings(x);
    }
    if (to == ElementType.STRING) {
      return Tensor.ofStrings(
          x.shape(), IntStream.range(0, (int) x.elementCount()).mapToObj(i -> text(x, i)).toList());
    }
    if (to.isFloat()) {
      return toFloats(x);
    }
    long[] bits =
        from.isFloat() ? Arrays.stream(x.toDoubles()).mapToLong(this::bits).toArray() : x.toLongs();
    if (to == ElementType.BOOL) {
      Arrays.setAll(bits, i -> bits[i] != 0 ? 1 : 0);
    }
    return Tensor.ofBits(to, x.shape(), bits);
  }

  private long bits(double x) {
    if (to == ElementType.BOOL) {
      return x != 0 ? 1 : 0; // NaN is true
    }
    return truncated(x, to);
  }

  /** A number without its fraction as bits of an integer type, of which the lowest count. */
  static long truncated(double x, ElementType type) {
    boolean high = type == ElementType.UINT64 && x >= 0x1p63;
    return high ? (long) (x - 0x1p63) ^ Long.MIN_VALUE : (long) x;
  }

  private Tensor toFloats(Tensor x) {
    boolean wide = from.bits() == 64 && from.isInteger() && to != ElementType.DOUBLE;
    double[] values =
        wide ? Arrays.stream(x.toLongs()).mapToDouble(this::toOdd).toArray() : x.toDoubles();
    return ofDoubles(x, values);
  }

  private Tensor ofDoubles(Tensor x, double[] values) {
    if (to == ElementType.FLOAT8E8M0) {
      PowerOfTwo power = new PowerOfTwo(roundMode, saturate);
      return Tensor.ofBits(to, x.shape(), Arrays.stream(values).mapToLong(power::code).toArray());
    }
    if (to == ElementType.FLOAT4E2M1) {
      // The type has no NaN; ONNX's tests have negative zero in its place.
      Arrays.setAll(values, i -> Double.isNaN(values[i]) ? -0.0 : values[i]);
    }
    return saturate && to.bits() <= 8
        ? Tensor.ofDoublesSaturating(to, x.shape(), values)
        : Tensor.ofDoubles(to, x.shape(), values);
  }

  /** A double that rounds to every narrower type as the integer does: inexact ones become odd. */
  private double toOdd(long x) {
    boolean negative = x < 0 && from.isSigned();
    long magnitude = negative ? -x : x;
    int excess = 64 - Long.numberOfLeadingZeros(magnitude) - 53;
    if (excess <= 0) {
      return negative ? -(double) magnitude : magnitude;
    }
    boolean inexact = (magnitude & ((1L << excess) - 1)) != 0;
    double odd = Math.scalb((double) (magnitude >>> excess | (inexact ? 1 : 0)), excess);
    return negative ? -odd : odd;
  }

  private Tensor ofStrings(Tensor x) {
    List<String> strings = x.strings();
    if (to.isInteger()) {
      return Tensor.ofLongs(
          to, x.shape(), strings.stream().mapToLong(s -> Long.parseLong(s.strip())).toArray());
    }
    double[] values = strings.stream().mapToDouble(Conversion::number).toArray();
    return to == ElementType.BOOL
        ? Tensor.ofBits(to, x.shape(), Arrays.stream(values).mapToLong(this::bits).toArray())
        : ofDoubles(x, values);
  }

  private static double number(String text) {
    String word = text.strip().toUpperCase(Locale.ROOT);
    return switch (word) {
      case "INF", "+INF" -> Double.POSITIVE_INFINITY;
      case "-INF" -> Double.NEGATIVE_INFINITY;
      case "NAN" -> Double.NaN;
      default -> Double.parseDouble(word);
    };
  }

  private String text(Tensor x, int index) {
    if (!from.isFloat()) {
      long value = x.longAt(index);
      return from == ElementType.UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
    }
    double value = x.doubleAt(index);
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "INF" : "-INF";
    }
    return from == ElementType.DOUBLE ? Double.toString(value) : Float.toString((float) value);
  }

  /** An interval that holds the converted elements of an interval. */
  Interval image(Interval x) {
    if (from == to) {
      return x;
    }
    if (from == ElementType.STRING || to == ElementType.STRING || to == ElementType.UNDEFINED) {
      return Transfers.all(to);
    }
    if (to == ElementType.BOOL) {
      boolean never = x.low() == 0 && x.high() == 0;
      return never ? Interval.ZERO : new Interval(x.contains(0) ? 0 : 1, 1);
    }
    if (to.isFloat()) {
      return to.bits() > 8 ? Transfers.stored(to, x) : Interval.ALL;
    }
    Interval whole = new Interval(truncated(x.low()), truncated(x.high()));
    Interval all = Transfers.all(to);
    return all.contains(whole) ? whole : all;
  }

  private static double truncated(double x) {
    return x < 0 ? Math.ceil(x) : Math.floor(x);
  }

  /** How far a converted element of an interval moves. */
  double shift(Interval x, double move) {
    if (isWidening()) {
      return move;
    }
    Interval image = image(x);
    double width = image.width();
    if (to == ElementType.BOOL || to == ElementType.STRING || from == ElementType.STRING) {
      return width;
    }
    if (to.isFloat()) {
      return Math.min(Outward.addUp(move, 2 * Transfers.halfUlp(to, x.magnitude())), width);
    }
    boolean wraps = !Transfers.all(to).contains(x) && image.equals(Transfers.all(to));
    if (wraps) {
      return width;
    }
    return Math.min(from.isFloat() ? Math.floor(move) + 1 : move, width);
  }

  /** Distance of a converted element of an interval from itself, as far as the type is a float. */
  double rounding(Interval x) {
    return isWidening() || !to.isFloat() ? 0 : Transfers.halfUlp(to, x.magnitude());
  }

  /** Whether the type of the result holds every number of the other. */
  private boolean isWidening() {
    if (from == to) {
      return true;
    }
    int integerBits = from.isInteger() ? from.bits() : Integer.MAX_VALUE;
    boolean small = from.isFloat() && from.bits() <= 8 && from != ElementType.FLOAT8E8M0;
    boolean half = from == ElementType.FLOAT16 || from == ElementType.BFLOAT16;
    return switch (to) {
      case DOUBLE -> from.isFloat() || from == ElementType.BOOL || integerBits <= 32;
      case FLOAT -> half || small || from == ElementType.BOOL || integerBits <= 16;
      case FLOAT16, BFLOAT16 -> small || from == ElementType.BOOL || integerBits <= 8;
      default -> false;
    };
  }
}
