package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Gain;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How ranges and errors pass through a quantizer or dequantizer with constant parameters to or from
 * an integer type. Parameters that differ along an axis give a bound along it; blocked ones a bound
 * for all by the largest scale.
 *
 * @param spread how parameters spread over the tensor
 * @param params parameters by index of the spread
 */
record LinearTransfer(Spread spread, List<QuantParams> params) {

  /** The transfer of a call, or null where its parameters are not float32 constants above zero. */
  static @Nullable LinearTransfer of(OpCall call, ElementType integers) {
    Tensor scale = call.constant(1);
    ElementType precision = LinearCall.type(call.get(QuantizeLinear.PRECISION), ElementType.FLOAT);
    if (scale == null
        || scale.elementType() != ElementType.FLOAT
        || precision != ElementType.FLOAT
        || !integers.isInteger()
        || !OutputParameters.known(call, 2)) {
      return null;
    }
    double[] scales = scale.toDoubles();
    long[] zeroPoints = LinearCall.zeroPoints(call.constant(2), scale);
    List<QuantParams> params = new ArrayList<>();
    for (int i = 0; i < scales.length; i++) {
      if (!(scales[i] > 0) || Double.isInfinite(scales[i])) {
        return null;
      }
      params.add(QuantParams.perTensor(integers, (float) scales[i], zeroPoints[i]));
    }
    return new LinearTransfer(spread(call, scale.shape()), params);
  }

  private static Spread spread(OpCall call, Shape scales) {
    Shape tensor = call.type(0).shape();
    boolean perAxis =
        !ParameterLayout.isPerTensor(scales, call.attributes())
            && scales.rank() == 1
            && call.get(ParameterLayout.BLOCK_SIZE) == 0
            && tensor.isRanked();
    return perAxis
        ? new Spread.Along(
            ParameterLayout.axis(call.attributes(), tensor.rank()), scales.intSize(0))
        : Spread.UNIFORM;
  }

  private interface Image {
    Interval of(QuantParams params, Interval interval);
  }

  private Range map(Range range, Image image) {
    if (!(spread instanceof Spread.Along along)) {
      return range.map(interval -> joined(interval, image));
    }
    List<Interval> slots = slots(range);
    List<Interval> mapped = new ArrayList<>();
    for (int i = 0; i < params.size(); i++) {
      Interval interval = slots.get(i);
      mapped.add(image.of(params.get(i), interval));
    }
    return Range.perChannel(along.axis(), mapped);
  }

  /** The interval that meets each of the parameters. */
  private List<Interval> slots(Range range) {
    boolean aligned = range.spread().equals(spread) && spread.count() == params.size();
    return aligned ? range.intervals() : Collections.nCopies(params.size(), range.hull());
  }

  private Interval joined(Interval interval, Image image) {
    return params.stream()
        .map(each -> image.of(each, interval))
        .reduce(Interval::join)
        .orElse(interval);
  }

  /** The integers that a range becomes. */
  Range quantized(Range range) {
    return map(range, (each, interval) -> StepTransfers.quantized(interval, each));
  }

  /** The real numbers that a range of integers means. */
  Range dequantized(Range range, ElementType output) {
    return map(
        range,
        (each, interval) -> {
          ElementType integers = each.elementType();
          Interval inType = StepTransfers.integers(Range.of(interval), integers);
          Interval exact = inType.minus(Interval.point(each.zeroPoint(0))).times(each.scale(0));
          return exact.widened(rounding(output, exact.magnitude()));
        });
  }

  private static double rounding(ElementType type, double magnitude) {
    double half = Transfers.halfUlp(type, magnitude);
    return Double.isInfinite(half) ? magnitude : half;
  }

  /** The range of numbers after quantizing and dequantizing. */
  Range both(Range range, ElementType output) {
    return dequantized(quantized(range), output);
  }

  /** The error in integer steps of quantizing numbers with an error in real units. */
  ErrorBound steps(ErrorBound error) {
    if (error instanceof ErrorBound.Exact || !error.isBounded()) {
      return error;
    }
    double[] inverse = new double[spread.count()];
    double span = 0;
    for (int i = 0; i < params.size(); i++) {
      QuantParams each = params.get(i);
      int at = spread.count() == 1 ? 0 : i;
      inverse[at] = Math.max(inverse[at], Outward.divideUp(1, each.scale(0)));
      span = (double) each.elementType().maxInteger() - each.elementType().minInteger();
    }
    ErrorBound scaled = error.scaledBy(new Gain(spread, inverse));
    double[] values = scaled.allowances();
    for (int i = 0; i < values.length; i++) {
      // The float32 quotients of both sides are rounded, by at most 2^-24 of the span each.
      values[i] = Math.min(Math.floor(values[i] + span * 0x1p-22) + 1, span);
    }
    return ErrorBound.of(scaled.spread(), values);
  }

  /** The error in real units of dequantizing integers with an error in steps. */
  ErrorBound reals(ErrorBound error, ElementType output) {
    if (error instanceof ErrorBound.Exact || !error.isBounded()) {
      return error;
    }
    double[] scales = new double[spread.count()];
    double[] roundings = new double[spread.count()];
    for (int i = 0; i < params.size(); i++) {
      QuantParams each = params.get(i);
      int at = spread.count() == 1 ? 0 : i;
      double magnitude = Math.max(Math.abs(each.min(0)), Math.abs(each.max(0)));
      scales[at] = Math.max(scales[at], each.scale(0));
      roundings[at] = Math.max(roundings[at], 2 * rounding(output, magnitude));
    }
    return error.scaledBy(new Gain(spread, scales)).plus(ErrorBound.of(spread, roundings));
  }

  /** The error in real units of dequantizing integers in a range with scales that have errors. */
  ErrorBound reals(Range integers, ErrorBound scaleErrors, ElementType output) {
    double[] errors = scaleErrors.allowances();
    double[] moved = new double[spread.count()];
    for (int i = 0; i < params.size(); i++) {
      QuantParams each = params.get(i);
      int at = spread.count() == 1 ? 0 : i;
      Interval inType = StepTransfers.integers(integers, each.elementType());
      double steps = inType.minus(Interval.point(each.zeroPoint(0))).magnitude();
      double real = Outward.multiplyUp(steps, each.scale(0) + errors[i]);
      double roundings = 2 * rounding(output, real);
      moved[at] =
          Math.max(moved[at], Outward.addUp(Outward.multiplyUp(steps, errors[i]), roundings));
    }
    return ErrorBound.of(spread, moved);
  }

  /** How far known numbers are from what their quantization means, at most. */
  ErrorBound distance(Tensor before, Tensor after) {
    double[] distances = new double[spread.count()];
    double[] a = before.toDoubles();
    double[] b = after.toDoubles();
    int inner = 1;
    if (spread instanceof Spread.Along along) {
      for (int d = along.axis() + 1; d < before.shape().rank(); d++) {
        inner *= before.shape().intSize(d);
      }
    }
    for (int i = 0; i < a.length; i++) {
      int at = i / inner % distances.length;
      distances[at] = Math.max(distances[at], Math.nextUp(Math.abs(a[i] - b[i])));
    }
    return Arrays.stream(distances).allMatch(Double::isFinite)
        ? ErrorBound.of(spread, distances)
        : ErrorBound.unbounded("a constant is not finite");
  }

  /** How far a number in a range is from what its quantization means, at most. */
  ErrorBound distance(Range range) {
    double[] distances = new double[spread.count()];
    List<Interval> slots = slots(range);
    for (int i = 0; i < params.size(); i++) {
      int at = spread.count() == 1 ? 0 : i;
      Interval interval = slots.get(i);
      distances[at] = Math.max(distances[at], distance(params.get(i), interval));
    }
    return ErrorBound.of(spread, distances);
  }

  private static double distance(QuantParams params, Interval interval) {
    double steps = (double) params.elementType().maxInteger() - params.elementType().minInteger();
    double half = params.scale(0) * (0.5 + steps * 0x1p-23);
    double above = Math.max(0, Outward.addUp(interval.high(), -params.max(0)));
    double below = Math.max(0, Outward.addUp(params.min(0), -interval.low()));
    return Math.max(half, Outward.addUp(Math.max(above, below), steps * 0x1p-23 * params.scale(0)));
  }
}
