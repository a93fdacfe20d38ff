package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.WeightedSum;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the change of the constants of a weighted sum does to its result: the sum of {@code (Ŵ - W)
 * · x} and {@code b̂ - b}, exactly as it is for the weights at hand.
 *
 * <p>Over a box the sum is largest or smallest at a corner: at the upper end of each input whose
 * weight changed one way and at the lower end of the others. The bound is therefore attained, by
 * the input that {@link WeightWitness} names.
 */
final class WeightTerm {
  private final OpDefinition op;
  private final WeightedSum sum;
  private final OpCall difference;
  private final Range input;
  private final Range result;

  private WeightTerm(
      OpDefinition op, WeightedSum sum, OpCall difference, Range input, Range result) {
    this.op = op;
    this.sum = sum;
    this.difference = difference;
    this.input = input;
    this.result = result;
  }

  /**
   * The term of a call whose constants were others before; null where the operator is not a
   * weighted sum or the weights are not constant.
   *
   * @param before the call with the constants that are meant
   * @param now the call with the constants as they are
   * @param input range of the first input
   */
  static @Nullable WeightTerm of(OpDefinition op, OpCall before, OpCall now, Range input) {
    WeightedSum was = op.weightedSum(before);
    WeightedSum is = op.weightedSum(now);
    if (was == null || is == null || !was.plain().equals(is.plain())) {
      return null;
    }
    Tensor weights =
        difference(
            before.constant(was.weights()),
            was.weightFactor(),
            now.constant(is.weights()),
            is.weightFactor());
    Tensor addend =
        difference(
            before.constant(was.addend()),
            was.addendFactor(),
            now.constant(is.addend()),
            is.addendFactor());
    boolean addendMoves =
        isVariable(before, was.addend()) && was.addendFactor() != is.addendFactor();
    if (weights == null || addendMoves) {
      return null;
    }
    TensorType x = now.type(0).withElementType(ElementType.DOUBLE);
    List<@Nullable TensorType> types = new ArrayList<>(List.of(x, weights.type()));
    List<@Nullable Tensor> constants = new ArrayList<>();
    constants.add(null);
    constants.add(weights);
    List<@Nullable Range> ranges = new ArrayList<>();
    ranges.add(input);
    ranges.add(Range.hullOf(weights));
    if (addend != null) {
      types.add(addend.type());
      constants.add(addend);
      ranges.add(Range.hullOf(addend));
    }
    OpCall call = OpCall.of(is.plain(), types, constants, noShapes(types.size()), 1);
    Range result = op.rangeTransfer(call, ranges).getFirst();
    return new WeightTerm(op, is, call, input, result);
  }

  private static List<@Nullable ShapeValue> noShapes(int count) {
    return Arrays.asList(new ShapeValue[count]);
  }

  private static boolean isVariable(OpCall call, int index) {
    return call.hasInput(index) && call.constant(index) == null;
  }

  /** The change of a constant, in double; null where there is none or the shapes differ. */
  private static @Nullable Tensor difference(
      @Nullable Tensor before, double factorBefore, @Nullable Tensor now, double factorNow) {
    Tensor shaped = now == null ? before : now;
    if (shaped == null
        || (before != null && now != null && !before.shape().equals(now.shape()))
        || !shaped.elementType().isFloat()) {
      return null;
    }
    double[] values = new double[Math.toIntExact(shaped.elementCount())];
    double[] left = before == null ? new double[values.length] : before.toDoubles();
    double[] right = now == null ? new double[values.length] : now.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = factorNow * right[i] - factorBefore * left[i];
    }
    return Tensor.ofDoubles(ElementType.DOUBLE, shaped.shape(), values);
  }

  /** Whether a constant changed at all. */
  boolean moves() {
    for (int i = 1; i < difference.inputCount(); i++) {
      Tensor change = difference.constant(i);
      if (change != null && Arrays.stream(change.toDoubles()).anyMatch(x -> x != 0)) {
        return true;
      }
    }
    return false;
  }

  /** What the change of the constants adds to a result at most, before any function. */
  Range result() {
    return result;
  }

  /** The largest change of a result, function included. */
  ErrorBound bound() {
    List<Interval> intervals = result.intervals();
    double[] values = new double[intervals.size()];
    for (int i = 0; i < values.length; i++) {
      // The changes themselves are rounded to double.
      double magnitude = Outward.multiplyUp(intervals.get(i).magnitude(), 1 + 0x1p-50);
      values[i] = Outward.multiplyUp(magnitude, sum.lipschitz());
    }
    return ErrorBound.of(result.spread(), values);
  }

  /** The channel whose result changes most. */
  int worstChannel() {
    List<Interval> intervals = result.intervals();
    int worst = 0;
    for (int i = 1; i < intervals.size(); i++) {
      worst = intervals.get(i).magnitude() > intervals.get(worst).magnitude() ? i : worst;
    }
    return worst;
  }

  /** The input for which the bound is attained, or null where none is named. */
  @Nullable WeightWitness witness() {
    return WeightWitness.of(this, sum);
  }

  /** The operator. */
  OpDefinition op() {
    return op;
  }

  /** The call whose constants are the changes. */
  OpCall call() {
    return difference;
  }

  /** The range of the first input. */
  Range input() {
    return input;
  }
}
