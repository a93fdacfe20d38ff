package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes each index as a vector along a new axis: the on value at the index and the off value
 * elsewhere. Negative indices count from the end; an index out of range gives off values only.
 */
public final class OneHot implements OpDefinition {
  /** Where the new axis is in the output, in [-rank - 1, rank]. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis", -1);

  /** {@code output = OneHot(indices, depth, values)}; values are off and on. */
  public static final OpSchema SCHEMA =
      OpSchema.of("OneHot")
          .versions(9, 11)
          .input("indices", Types.NUMBERS)
          .input("depth", Types.NUMBERS)
          .input("values", Types.ALL)
          .output("output", Types.ALL)
          .attributes(AXIS)
          .doc("Writes indices as vectors with one element that differs.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape indices = call.type(0).shape();
    TensorType values = call.type(2);
    if (!indices.isRanked()) {
      return List.of(values.withShape(Shape.UNRANKED));
    }
    List<Dimension> dimensions = new ArrayList<>(indices.dimensions());
    dimensions.add(Axes.normalized(call.get(AXIS), indices.rank() + 1), depth(call));
    return List.of(values.withShape(Shape.of(dimensions)));
  }

  private static Dimension depth(OpCall call) {
    Tensor constant = call.constant(1);
    if (constant != null) {
      return Dimension.of((long) Axes.single(constant, 1).doubleAt(0));
    }
    ShapeValue value = call.shapeValue(1);
    return value == null || value.size() != 1 ? Dimension.UNKNOWN : value.dimension(0);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Axes.requireShape(call, 2, 2);
    Shape shape = inferTypes(call).getFirst().shape();
    int axis = Axes.normalized(call.get(AXIS), shape.rank());
    int depth = shape.intSize(axis);
    int inner = Elements.strides(shape.intSizes())[axis];
    double[] indices = call.tensor(0).toDoubles();
    int[] positions = new int[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < positions.length; i++) {
      int place = i / inner % depth;
      double index = (long) indices[i / inner / depth * inner + i % inner];
      boolean isOn = place == index || place == index + depth;
      positions[i] = isOn ? 1 : 0;
    }
    return List.of(Elements.gather(call.tensor(2), shape, positions));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(Ranges.at(ranges, 2).uniform());
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    for (int i = 0; i < 2; i++) {
      if (!(errors.get(i) instanceof ErrorBound.Exact)) {
        return List.of(Movement.inexactChoice(i));
      }
    }
    return List.of(errors.get(2).uniform());
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }
}
