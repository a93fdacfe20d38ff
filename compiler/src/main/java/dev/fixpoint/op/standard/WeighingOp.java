package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator whose results are weighted sums of elements of its first input, or of zeros, with
 * weights that the other inputs and the attributes choose. Bounds are uniform: the sum of a
 * result's weights is all that counts.
 */
abstract class WeighingOp implements OpDefinition {
  /** Relative distance that covers the roundings of weights and sums in double. */
  private static final double SLACK = 0x1p-40;

  /** The largest sum of the magnitudes of a result's weights; infinite where not known. */
  abstract double gain(OpCall call);

  /** Whether results are elements or zeros, without arithmetic. */
  boolean isSelection(OpCall call) {
    return false;
  }

  /** Whether a weight may be negative. */
  boolean hasNegativeWeights(OpCall call) {
    return false;
  }

  /**
   * Roundings of a float implementation in units of the roundoff, for a result of magnitude 1 per
   * unit of gain; what coordinates lose included.
   */
  abstract double roundings(OpCall call);

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    Interval x = Ranges.at(ranges, 0).hull();
    double gain = gain(call);
    if (!x.isBounded() || !Double.isFinite(gain)) {
      return List.of(Range.ALL);
    }
    Interval withZero = x.join(Interval.ZERO);
    if (isSelection(call)) {
      return List.of(Range.of(withZero));
    }
    Interval reach = hasNegativeWeights(call) ? Interval.symmetric(withZero.magnitude()) : withZero;
    Interval real = reach.times(Outward.multiplyUp(gain, 1 + SLACK)).widened(Double.MIN_VALUE);
    return List.of(Range.of(Transfers.stored(call.type(0).elementType(), real)));
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    ErrorBound error = errors.getFirst().uniform();
    ErrorBound chosen = Choices.error(errors, 1);
    if (!chosen.isBounded() || error instanceof ErrorBound.Exact || isSelection(call)) {
      return List.of(error.plus(chosen));
    }
    double gain = gain(call);
    if (!Double.isFinite(gain)) {
      return List.of(ErrorBound.unbounded("the weights of " + id() + " are not known"));
    }
    ErrorBound local = localError(call, ranges).getFirst();
    return List.of(error.scaledBy(gain).scaledBy(1 + SLACK).plus(local.scaledBy(2)));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    if (isSelection(call)) {
      return List.of(ErrorBound.EXACT);
    }
    Range range = rangeTransfer(call, ranges).getFirst();
    double slack = Outward.multiplyUp(gain(call), SLACK * Ranges.at(ranges, 0).magnitude());
    if (!range.isBounded()) {
      return List.of(ErrorBound.unbounded("an input of " + id() + " has no finite range"));
    }
    ErrorBound rounding = Transfers.rounding(call.type(0).elementType(), range);
    return List.of(rounding.plus(ErrorBound.uniform(slack)));
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    ElementType type = call.type(0).elementType();
    if (isSelection(call) || !type.isFloat()) {
      return List.of(ErrorBound.EXACT);
    }
    double roundings = roundings(call) * Transfers.unitRoundoff(type);
    double largest = Range.ofTensor(call.tensor(0)).magnitude() * gain(call);
    double rounding = Transfers.halfUlp(type, Range.ofTensor(outputs.getFirst()).magnitude());
    return List.of(
        ErrorBound.uniform(roundings * largest + rounding + 4 * Transfers.smallest(type)));
  }
}
