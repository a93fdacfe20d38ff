package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Entries;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question about every element by itself. A definition says what is special: schema, test, and
 * what is known of intervals.
 */
abstract class PredicateOp implements OpDefinition {
  private final OpSchema schema;

  PredicateOp(OpSchema schema) {
    this.schema = schema;
  }

  /** Whether it holds of an element. */
  abstract boolean holds(double x, Attributes attributes);

  /** Whether it can hold of a member of an interval. */
  abstract boolean canHold(Interval x);

  /** Whether it can fail to hold of a member of an interval. */
  abstract boolean canFail(Interval x);

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<TensorType> inferTypes(OpCall call) {
    return List.of(call.type(0).withElementType(ElementType.BOOL));
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    double[] values = x.toDoubles();
    byte[] result = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (byte) (holds(values[i], call.attributes()) ? 1 : 0);
    }
    return List.of(Tensor.ofBytes(ElementType.BOOL, x.shape(), result));
  }

  @Override
  public final List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Ranges.at(ranges, 0).map(this::image));
  }

  private Interval image(Interval x) {
    if (canHold(x) && canFail(x)) {
      return new Interval(0, 1);
    }
    return Interval.point(canHold(x) ? 1 : 0);
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(
        Entries.ofSame(call.type(0).shape(), Ranges.at(ranges, 0), errors.getFirst())
            .error((x, _) -> image(x[0]).width()));
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(ErrorBound.EXACT);
  }

  @Override
  public final List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.EXACT);
  }
}
