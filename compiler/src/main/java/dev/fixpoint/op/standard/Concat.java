package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Affine;
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
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins tensors along an axis; all other dimensions agree. */
public final class Concat implements OpDefinition {
  /** The axis, in [-rank, rank - 1]. */
  public static final Attribute<Long> AXIS = Attribute.ofInt("axis").required();

  /** {@code concat_result = Concat(inputs...)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("Concat")
          .versions(1, 4, 11, 13)
          .variadicInput("inputs", Types.ALL)
          .output("concat_result", Types.ALL)
          .attributes(AXIS)
          .doc("Joins tensors along an axis.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape merged = Shape.UNRANKED;
    for (int i = 0; i < call.inputCount(); i++) {
      merged = merged(merged, call.type(i).shape(), call.get(AXIS));
    }
    if (merged.isRanked()) {
      int axis = Axes.normalized(call.get(AXIS), merged.rank());
      merged = merged.with(axis, length(call, axis));
    }
    return List.of(new TensorType(Broadcasts.commonType(call), merged));
  }

  /** What is known of the dimensions beside the axis. */
  private static Shape merged(Shape known, Shape next, long axis) {
    if (!next.isRanked() || !known.isRanked()) {
      return known.isRanked() ? known : next;
    }
    if (known.rank() != next.rank()) {
      throw new IllegalArgumentException("cannot join tensors of shapes " + known + ", " + next);
    }
    int joined = Axes.normalized(axis, known.rank());
    Shape merged = known;
    for (int i = 0; i < known.rank(); i++) {
      if (i != joined) {
        merged = merged.with(i, Axes.merged(known.dimension(i), next.dimension(i), i));
      }
    }
    return merged;
  }

  private static Dimension length(OpCall call, int axis) {
    Dimension length = Dimension.of(0);
    for (int i = 0; i < call.inputCount(); i++) {
      Shape shape = call.type(i).shape();
      length = Axes.sum(length, shape.isRanked() ? shape.dimension(axis) : Dimension.UNKNOWN);
    }
    return length;
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Shape shape = inferTypes(call).getFirst().shape();
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      tensors.add(call.tensor(i));
    }
    int[] positions =
        Joined.positions(
            tensors.stream().map(Tensor::shape).toList(),
            Axes.normalized(call.get(AXIS), shape.rank()));
    return List.of(Elements.gather(Elements.chained(tensors), shape, positions));
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    List<Range> given = new ArrayList<>();
    for (Range range : ranges) {
      given.add(range == null ? Range.ALL : range);
    }
    int axis = axis(call);
    return List.of(
        axis < 0
            ? given.stream().map(Range::uniform).reduce(Range::join).orElse(Range.ALL)
            : Joined.ranges(shapes(call), axis, given));
  }

  /** The axis counted from the front, or -1 where the rank is not known. */
  private int axis(OpCall call) {
    Shape shape = inferTypes(call).getFirst().shape();
    return shape.isRanked() ? Axes.normalized(call.get(AXIS), shape.rank()) : -1;
  }

  private static List<Shape> shapes(OpCall call) {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      shapes.add(call.type(i).shape());
    }
    return shapes;
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    int axis = axis(call);
    return List.of(
        axis < 0
            ? errors.stream().map(ErrorBound::uniform).reduce(ErrorBound.EXACT, ErrorBound::join)
            : Joined.errors(shapes(call), axis, errors));
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return Transfers.each(1, ErrorBound.EXACT);
  }

  @Override
  public @Nullable ShapeValue shapeValue(OpCall call) {
    List<@Nullable Affine> entries = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      ShapeValue value = call.shapeValue(i);
      if (value != null && !value.scalar()) {
        entries.addAll(value.entries());
        continue;
      }
      int length = isIndexVector(call.type(i)) ? Axes.length(call, i) : -1;
      if (length < 0 || length > ShapeValue.MAX_ENTRIES) {
        return null;
      }
      entries.addAll(Collections.nCopies(length, null));
    }
    return entries.size() > ShapeValue.MAX_ENTRIES ? null : ShapeValue.vector(entries);
  }

  private static boolean isIndexVector(TensorType type) {
    return Types.INDICES.contains(type.elementType())
        && type.shape().isRanked()
        && type.shape().rank() == 1;
  }
}
