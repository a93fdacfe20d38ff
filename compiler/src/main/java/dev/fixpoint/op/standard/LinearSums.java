package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sums of products of a call over the ranges of its inputs.
 *
 * @param form the slots
 * @param intervals interval of each sum, addend and residual included, real and in double
 * @param magnitude sum of the absolute values of all terms, from above but for its rounding
 * @param first magnitudes of the first operand
 * @param second magnitudes of the second operand
 */
record LinearSums(
    SumForm form, List<Interval> intervals, double[] magnitude, double[] first, double[] second) {
  /** Roundings besides those of the sum: factors, addend, residual. */
  static final int FURTHER_TERMS = 8;

  private static final double DOUBLE_ROUNDOFF = 0x1p-53;

  /** The sums, or null where an operand has no finite range. */
  static @Nullable LinearSums of(
      SumForm form, OpCall call, List<@Nullable Range> ranges, int residual) {
    Box first = form.arrange(box(form, call, 0, ranges));
    Box second = box(form, call, 1, ranges).scaledBy(form.scale(1));
    if (!first.isBounded() || !second.isBounded()) {
      return null;
    }
    double[] center = form.product(first.center(), second.center());
    double[] firstMagnitude = first.magnitude();
    double[] secondMagnitude = second.magnitude();
    double[] radius = form.product(first.radius(), magnitudes(second.center()));
    if (!second.isPoint()) {
      add(radius, form.product(firstMagnitude, second.radius()));
    }
    double[] magnitude = form.product(firstMagnitude, secondMagnitude);
    List<Box> added = new ArrayList<>();
    if (call.hasInput(SumForm.ADDEND)) {
      Box addend = box(form, call, SumForm.ADDEND, ranges).scaledBy(form.scale(SumForm.ADDEND));
      added.add(new Box(form.addend(addend.center()), form.addend(addend.radius())));
    }
    if (call.hasInput(residual)) {
      Range range = ranges.get(residual);
      Shape shape = call.type(residual).shape();
      added.add(Box.of(range == null ? Range.ALL : range, shape, form.result()));
    }
    for (Box box : added) {
      if (!box.isBounded()) {
        return null;
      }
      add(center, box.center());
      add(radius, box.radius());
      add(magnitude, box.magnitude());
    }
    return new LinearSums(
        form,
        intervals(form, center, radius, magnitude),
        magnitude,
        firstMagnitude,
        secondMagnitude);
  }

  private static List<Interval> intervals(
      SumForm form, double[] center, double[] radius, double[] magnitude) {
    List<Interval> intervals = new ArrayList<>(center.length);
    for (int i = 0; i < center.length; i++) {
      double widened = up(radius[i] + 4 * slack(form, magnitude[i]));
      intervals.add(Interval.point(center[i]).widened(widened));
    }
    return intervals;
  }

  private static Box box(SumForm form, OpCall call, int index, List<@Nullable Range> ranges) {
    Tensor constant = call.constant(index);
    Spread slots = form.operand(index);
    if (constant != null && slots.count() == constant.elementCount()) {
      return Box.ofTensor(constant);
    }
    Range range = index < ranges.size() ? ranges.get(index) : null;
    if (constant != null) {
      range = Range.ofTensor(constant);
    }
    return Box.of(range == null ? Range.ALL : range, call.type(index).shape(), slots);
  }

  /** The absolute values. */
  static double[] magnitudes(double[] values) {
    double[] magnitudes = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      magnitudes[i] = Math.abs(values[i]);
    }
    return magnitudes;
  }

  /** Adds to sums in place. */
  static void add(double[] sums, double[] more) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += more[i];
    }
  }

  /** What a sum in double may be off, products that underflow included. */
  static double slack(SumForm form, double magnitude) {
    long steps = form.terms() + FURTHER_TERMS;
    return up(2 * gamma(steps, DOUBLE_ROUNDOFF) * magnitude + steps * Double.MIN_VALUE);
  }

  /** What sums of this form in double lose, relative to the magnitude. */
  static double inflation(SumForm form) {
    return 1 + 4 * gamma(form.terms() + FURTHER_TERMS, DOUBLE_ROUNDOFF);
  }

  /** {@code γ_n = n·u / (1 - n·u)}, infinite where that is not positive. */
  static double gamma(long n, double u) {
    double product = n * u;
    return product < 1 ? up(up(product) / Math.nextDown(1 - product)) : Double.POSITIVE_INFINITY;
  }

  /** The next larger number. */
  static double up(double value) {
    return Math.nextUp(value);
  }
}
