package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator that evaluates subgraphs. What is inside, and what they read from outside, cannot be
 * seen from here: nothing is known of ranges and errors.
 */
interface SubgraphOperator extends OpDefinition {
  @Override
  default List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(call.outputCount(), Range.ALL);
  }

  @Override
  default List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return localError(call, ranges);
  }

  @Override
  default List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(
        call.outputCount(),
        ErrorBound.unbounded("errors are not followed into subgraphs of " + id()));
  }

  /** What is known of a tensor that has one of two types. */
  static TensorType either(TensorType a, TensorType b) {
    ElementType elementType =
        a.elementType() == ElementType.UNDEFINED ? b.elementType() : a.elementType();
    if (b.elementType() != ElementType.UNDEFINED && b.elementType() != elementType) {
      throw new IllegalArgumentException(
          "subgraphs give " + a + " and " + b + "; element types should agree");
    }
    return new TensorType(elementType, either(a.shape(), b.shape()));
  }

  private static Shape either(Shape a, Shape b) {
    if (!a.isRanked() || !b.isRanked() || a.rank() != b.rank()) {
      return Shape.UNRANKED;
    }
    List<Dimension> dimensions = new ArrayList<>();
    for (int axis = 0; axis < a.rank(); axis++) {
      Dimension dimension = a.dimension(axis);
      dimensions.add(dimension.equals(b.dimension(axis)) ? dimension : Dimension.UNKNOWN);
    }
    return Shape.of(dimensions);
  }
}
