package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of normalization. A deviation over the deviations' root mean square is at most {@code √n}
 * for n values. With {@code s = √(variance + epsilon)} the Jacobian is {@code (I - 11ᵀ/n - ŷŷᵀ/n) /
 * s}, so that a normalized value moves by at most {@code (e_i + mean(e) + |ŷ_i|·rms(e)) / s} for
 * the smallest s on the way; without centring the mean's term falls away.
 */
final class NormalizedBounds {
  /** Relative distance that covers the roundings here and in the reference. */
  private static final double SLACK = 0x1p-40;

  private final ElementType type;
  private final Spread slots;
  private final List<Interval> normalized;
  private final double[] moved;
  private final List<Interval> images;
  private final double[] shifts;
  private final double[] slacks;
  private final double[] locals;
  private final @Nullable ErrorBound verdict;

  private NormalizedBounds(
      ElementType type,
      Spread slots,
      List<Interval> normalized,
      double[] moved,
      double[] slacks,
      @Nullable ErrorBound verdict) {
    this.type = type;
    this.slots = slots;
    this.normalized = normalized;
    this.moved = moved;
    this.slacks = slacks;
    this.locals = slacks.clone();
    this.verdict = verdict;
    this.images = new ArrayList<>(normalized);
    this.shifts = moved.clone();
  }

  static NormalizedBounds of(
      NormalizationOp op, OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    Shape shape = call.type(0).shape();
    Range x = Ranges.at(ranges, 0);
    ErrorBound error = errors.isEmpty() ? ErrorBound.EXACT : errors.getFirst();
    boolean fine =
        x.spread() instanceof Spread.Elements || error.spread() instanceof Spread.Elements;
    Spread slots =
        fine && shape.isStatic()
            ? new Spread.Elements(Math.toIntExact(shape.elementCount()))
            : parameterSlots(op, call);
    int count = slots.count();
    List<Interval> normalized = new ArrayList<>(Collections.nCopies(count, Interval.ALL));
    double[] moved = new double[count];
    double[] slacks = new double[count];
    if (slots instanceof Spread.Elements) {
      elements(op, call, x, error, normalized, moved, slacks);
    } else {
      alike(op, call, x.hull(), error.max(), normalized, moved, slacks);
    }
    NormalizedBounds bounds =
        new NormalizedBounds(
            call.type(0).elementType(), slots, normalized, moved, slacks, verdict(errors));
    bounds.apply(op, call, ranges, errors);
    return bounds;
  }

  private static @Nullable ErrorBound verdict(List<ErrorBound> errors) {
    for (ErrorBound error : errors) {
      if (error instanceof ErrorBound.Unbounded) {
        return error;
      }
    }
    boolean exact = errors.stream().allMatch(error -> error instanceof ErrorBound.Exact);
    return exact ? ErrorBound.EXACT : null;
  }

  /** The axis along which all parameters lie, or none. */
  private static Spread parameterSlots(NormalizationOp op, OpCall call) {
    Shape x = call.type(0).shape();
    Spread common = Spread.UNIFORM;
    for (int i = 1; i <= 2; i++) {
      if (op.hasParameter(call, i)) {
        common = common.meet(parameterSlot(x, op.aligned(call, i)));
      }
    }
    return common;
  }

  private static Spread parameterSlot(Shape x, Shape parameter) {
    if (x.isRanked() && parameter.isStatic() && parameter.rank() <= x.rank()) {
      for (int axis = 0; axis < parameter.rank(); axis++) {
        if (parameter.size(axis) == parameter.elementCount() && parameter.size(axis) > 1) {
          return new Spread.Along(axis + x.rank() - parameter.rank(), parameter.intSize(axis));
        }
      }
    }
    return Spread.UNIFORM;
  }

  /** All elements have the same interval and error. */
  private static void alike(
      NormalizationOp op,
      OpCall call,
      Interval x,
      double error,
      List<Interval> normalized,
      double[] moved,
      double[] slacks) {
    double n = op.groupSize(call);
    double epsilon = op.epsilon(call);
    if (n < 0 || !(epsilon >= 0)) {
      Arrays.fill(moved, Double.POSITIVE_INFINITY);
      Arrays.fill(slacks, Double.POSITIVE_INFINITY);
      return;
    }
    double relative = GroupBox.slack(n);
    double most = Math.sqrt(n) * (1 + relative);
    double least = Math.sqrt(leastSquare(op, x) + epsilon) * (1 - relative);
    double spread = op.isCentered() ? x.width() : x.magnitude();
    boolean isBounded = least > 0 && x.isBounded();
    double slack =
        isBounded ? Math.min(2 * most, relative * (most + x.magnitude() / least)) : 2 * most;
    double largest = isBounded ? Math.min(most, spread / least + slack) : most;
    double factor = (op.isCentered() ? 2 : 1) + largest;
    double move = error == 0 ? 0 : error * factor / least * (1 + SLACK) + 2 * slack;
    Arrays.fill(slacks, slack);
    Arrays.fill(moved, Math.min(move, 2 * largest));
    Collections.fill(normalized, Interval.symmetric(largest));
  }

  private static double leastSquare(NormalizationOp op, Interval x) {
    double least = x.contains(0) ? 0 : Math.min(Math.abs(x.low()), Math.abs(x.high()));
    return op.isCentered() ? 0 : least * least;
  }

  private static void elements(
      NormalizationOp op,
      OpCall call,
      Range x,
      ErrorBound error,
      List<Interval> normalized,
      double[] moved,
      double[] slacks) {
    Shape shape = call.type(0).shape();
    Spread each = new Spread.Elements(moved.length);
    Box box = Box.of(x, shape, each);
    double[] errors = Box.errors(error, shape, each);
    double epsilon = op.epsilon(call);
    if (!box.isBounded() || !(epsilon >= 0)) {
      Arrays.fill(moved, Double.POSITIVE_INFINITY);
      Arrays.fill(slacks, Double.POSITIVE_INFINITY);
      return;
    }
    Grouping grouping = op.grouping(call);
    for (int group = 0; group < grouping.groups(); group++) {
      GroupBox of = GroupBox.of(box, errors, grouping, group, op.isCentered(), epsilon);
      for (int i = 0; i < grouping.size(); i++) {
        int at = grouping.at(group, i);
        Interval value = of.normalized(box.interval(at));
        normalized.set(at, value);
        moved[at] = of.moved(errors[at], value);
        slacks[at] = of.slack();
      }
    }
  }

  /** Applies scale and bias. */
  private void apply(
      NormalizationOp op, OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    Shape x = call.type(0).shape();
    Slots scale = Slots.of(op, call, 1, ranges, errors, slots, x, 1);
    Slots bias = Slots.of(op, call, 2, ranges, errors, slots, x, 0);
    for (int i = 0; i < moved.length; i++) {
      Interval before = normalized.get(i);
      Interval factor = scale.interval(i);
      Interval product = before.times(factor);
      Interval real = product.plus(bias.interval(i));
      double slack = SLACK * (product.magnitude() + bias.interval(i).magnitude());
      Interval image = Double.isFinite(slack) ? real.widened(slack) : Interval.ALL;
      images.set(i, Transfers.stored(type, image));
      locals[i] = slack + slacks[i] * factor.magnitude();
      double atScale = scale.error(i) == 0 ? 0 : scale.error(i) * before.magnitude();
      double atValue = moved[i] == 0 ? 0 : moved[i] * factor.magnitude();
      shifts[i] =
          (atValue + atScale + bias.error(i)) * (1 + SLACK)
              + 2 * locals[i]
              + 2 * Transfers.halfUlp(type, images.get(i).magnitude());
    }
  }

  Range range() {
    return switch (slots) {
      case Spread.Uniform _ -> Range.of(images.getFirst());
      case Spread.Along along -> Range.perChannel(along.axis(), images);
      case Spread.Elements _ -> Range.perElement(images);
    };
  }

  /** Distance of the reference from the real function. */
  ErrorBound localError() {
    double[] values = new double[locals.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.nextUp(locals[i] + Transfers.evaluation(type, images.get(i).magnitude()));
    }
    return ErrorBound.of(slots, values);
  }

  ErrorBound error() {
    return verdict == null ? ErrorBound.of(slots, shifts) : verdict;
  }
}
