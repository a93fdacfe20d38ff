package dev.fixpoint.analysis;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.WeightedSum;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node's constants, which are not what they were, change in its result, its roundings among
 * it.
 *
 * @param bound how far the result may be off
 * @param term what changed weights do, or null where there are none
 */
record ChangedConstants(ErrorBound bound, @Nullable WeightTerm term) {
  /** Roundings of an integer operator with a float result, relative to its sum. */
  private static final double EPILOGUE = 0x1p-20;

  /**
   * What they change in a result.
   *
   * @param node a node of the reference
   * @param now the node of the compiled graph that applies the same function
   * @param output position of the result
   */
  static ChangedConstants of(
      Counterparts pair, CompiledRanges compiled, Node node, Node now, int output) {
    OpCall before = pair.reference().call(node);
    OpCall after = pair.target().call(now);
    List<@Nullable Range> ranges = compiled.inputs(now);
    ErrorBound roundings = now.op().localError(after, ranges).get(output);
    Range first = ranges.isEmpty() ? null : ranges.getFirst();
    WeightTerm term = first == null ? null : WeightTerm.of(now.op(), before, after, first);
    if (term != null) {
      ErrorBound bound = term.bound().plus(roundings).plus(epilogue(now, after, ranges));
      return new ChangedConstants(bound, term.moves() ? term : null);
    }
    List<ErrorBound> changes = new ArrayList<>();
    for (int i = 0; i < now.inputs().size(); i++) {
      changes.add(change(before.constant(i), after.constant(i)));
    }
    return new ChangedConstants(
        now.op().errorTransfer(after, ranges, changes).get(output).plus(roundings), null);
  }

  /** Whether a constant that an operator reads is not what it was. */
  static boolean any(OpCall before, OpCall after) {
    for (int i = 0; i < after.inputCount(); i++) {
      Tensor was = before.constant(i);
      if (was != null && !was.equals(after.constant(i))) {
        return true;
      }
    }
    return false;
  }

  private static ErrorBound change(@Nullable Tensor before, @Nullable Tensor after) {
    if (before == null || after == null || before.equals(after)) {
      return ErrorBound.EXACT;
    }
    if (!before.shape().equals(after.shape())) {
      return ErrorBound.unbounded("a constant has another shape than before");
    }
    double[] was = before.toDoubles();
    double[] is = after.toDoubles();
    for (int i = 0; i < was.length; i++) {
      was[i] = Math.nextUp(Math.abs(was[i] - is[i]));
    }
    return ErrorBound.perElement(was);
  }

  /** The float32 roundings of the integer operator that computes a weighted sum. */
  private static ErrorBound epilogue(Node now, OpCall call, List<@Nullable Range> ranges) {
    WeightedSum sum = now.op().weightedSum(call);
    if (sum == null || call.type(0).elementType() != ElementType.FLOAT) {
      return ErrorBound.EXACT;
    }
    OpCall plain = plain(sum, call);
    Range range = now.op().rangeTransfer(plain, ranges).getFirst();
    if (!range.isBounded()) {
      return ErrorBound.EXACT; // the result is not bounded either
    }
    double[] values = new double[range.intervals().size()];
    for (int i = 0; i < values.length; i++) {
      double magnitude = Math.max(1, sum.lipschitz()) * range.intervals().get(i).magnitude();
      values[i] = Outward.multiplyUp(magnitude, EPILOGUE);
    }
    return ErrorBound.of(range.spread(), values);
  }

  /** The call without its function; factors are those of the constants already. */
  private static OpCall plain(WeightedSum sum, OpCall call) {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> constants = new ArrayList<>();
    List<@Nullable ShapeValue> shapes = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      types.add(call.hasInput(i) ? call.type(i) : null);
      constants.add(call.constant(i));
      shapes.add(call.shapeValue(i));
    }
    return OpCall.of(sum.plain(), types, constants, shapes, 1);
  }
}
