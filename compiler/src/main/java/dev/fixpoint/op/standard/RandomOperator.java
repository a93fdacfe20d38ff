package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator whose output is random: its type is known, but it is neither evaluated nor folded.
 */
abstract class RandomOperator implements OpDefinition {
  /**
   * Element type of the output, as in {@code TensorProto.DataType}; see each operator's default.
   */
  public static final Attribute<Long> DTYPE = Attribute.ofInt("dtype");

  /** Seed of the generator. */
  public static final Attribute<Float> SEED = Attribute.ofFloat("seed");

  private final OpSchema schema;

  RandomOperator(OpSchema schema) {
    this.schema = schema;
  }

  /** The element type that {@link #DTYPE} names, or the given one. */
  static ElementType elementType(OpCall call, ElementType otherwise) {
    return ElementTypes.given(call, DTYPE, otherwise);
  }

  @Override
  public final OpSchema schema() {
    return schema;
  }

  @Override
  public final List<Tensor> evaluate(OpCall call) {
    throw new UnsupportedOperationException(
        id() + " is random; ONNX does not say which numbers it makes");
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, Range.ALL);
  }

  @Override
  public final List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return localError(call, ranges);
  }

  @Override
  public final List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.unbounded(id() + " is random"));
  }

  @Override
  public final boolean isDeterministic() {
    return false;
  }
}
