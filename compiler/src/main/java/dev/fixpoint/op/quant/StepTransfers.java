package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ranges and errors of integer tensors, in integer steps. */
final class StepTransfers {
  /** Relative error of one float32 operation, from above. */
  private static final double UNIT = 0x1p-23;

  private StepTransfers() {}

  /** All integers of a type. */
  static Interval all(ElementType type) {
    return new Interval(type.minInteger(), type.maxInteger());
  }

  /** The range of an integer input, which its type bounds where nothing else does. */
  static Interval integers(@Nullable Range range, ElementType type) {
    Interval all = all(type);
    if (range == null) {
      return all;
    }
    Interval hull = range.hull();
    return hull.clamped(all.low(), all.high());
  }

  /** The range of an integer input less a zero point. */
  static Interval centred(@Nullable Range range, ElementType type, long zeroPoint) {
    return integers(range, type).minus(Interval.point(zeroPoint));
  }

  /** The real numbers that an integer input means, widened for their float32 rounding. */
  static Interval reals(
      OpCall call, List<@Nullable Range> ranges, int input, int scale, int zeroPoint) {
    long[] zero = Quantized.zeroPoints(call.constant(zeroPoint));
    Interval centred =
        centred(
            input < ranges.size() ? ranges.get(input) : null,
            call.type(input).elementType(),
            zero[0]);
    return relative(centred.times(call.tensor(scale).doubleAt(0)));
  }

  /** An interval of real numbers after a few float32 roundings of its members. */
  static Interval relative(Interval exact) {
    return exact.widened(4 * UNIT * exact.magnitude() + Float.MIN_NORMAL);
  }

  /** The integers that real numbers become; every integer where the interval is not bounded. */
  static Interval quantized(Interval reals, QuantParams params) {
    if (!reals.isBounded()) {
      return all(params.elementType());
    }
    return new Interval(params.quantize(reals.low(), 0), params.quantize(reals.high(), 0));
  }

  /**
   * The largest difference of two quantized numbers whose real values differ by at most {@code
   * difference}, where each was computed with a few float32 roundings at magnitudes of at most
   * {@code magnitude}; all in real units.
   */
  static double steps(double difference, double magnitude, QuantParams params) {
    ElementType type = params.elementType();
    double span = (double) type.maxInteger() - type.minInteger();
    double slack = 2 * UNIT * (8 * magnitude / params.scale(0) + 2 * span);
    double moved = difference / params.scale(0) + slack;
    return Double.isNaN(moved) ? span : Math.min(Math.floor(moved) + 1, span);
  }

  /** The error of a quantized output from an error in real units; exact where that is. */
  static ErrorBound quantized(ErrorBound real, double magnitude, QuantParams params) {
    if (!(real instanceof ErrorBound.Exact) && real.isBounded()) {
      double[] values = real.allowances();
      for (int i = 0; i < values.length; i++) {
        values[i] = steps(values[i], magnitude, params);
      }
      return ErrorBound.of(real.spread(), values);
    }
    return real;
  }

  /** The error of an input; exact where it is absent. */
  static ErrorBound error(List<ErrorBound> errors, int input) {
    return input < errors.size() ? errors.get(input) : ErrorBound.EXACT;
  }

  /** The joined error of inputs that should not move: scales, zero points and the like. */
  static ErrorBound parameters(List<ErrorBound> errors, int... inputs) {
    for (int input : inputs) {
      if (!(error(errors, input) instanceof ErrorBound.Exact)) {
        return ErrorBound.unbounded("a scale, zero point or bias moves");
      }
    }
    return ErrorBound.EXACT;
  }

  /** Exact where all inputs are, else unbounded because parameters are not constants. */
  static ErrorBound exactOrUnknown(List<ErrorBound> errors, OpId op) {
    return errors.stream().allMatch(error -> error instanceof ErrorBound.Exact)
        ? ErrorBound.EXACT
        : parametersUnknown(op);
  }

  /** Unbounded, because parameters are not constants. */
  static ErrorBound parametersUnknown(OpId op) {
    return ErrorBound.unbounded("the parameters of " + op + " are not constants that stay");
  }
}
