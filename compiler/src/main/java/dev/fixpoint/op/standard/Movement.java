package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Finds out where an operator moves elements, by having it move their positions. */
final class Movement {
  /** Largest tensor whose elements keep bounds of their own; a constant may be a large one. */
  private static final long MAX_POSITIONS = 1L << 22;

  private Movement() {}

  static Route route(DataMovement op, OpCall call, int output, Spread spread) {
    return switch (spread) {
      case Spread.Uniform _ -> Route.LUMPED;
      case Spread.Along along -> op.along(call, output, along);
      case Spread.Elements _ -> {
        int[] positions = positions(op, call, output);
        yield positions == null ? Route.LUMPED : Route.elements(positions);
      }
    };
  }

  /** Unbounded if one of the inputs from a position on may move: then other elements are chosen. */
  static ErrorBound indexError(List<ErrorBound> errors, int from) {
    for (int i = from; i < errors.size(); i++) {
      if (!(errors.get(i) instanceof ErrorBound.Exact)) {
        return ErrorBound.unbounded("input " + i + ", which chooses elements, is not exact");
      }
    }
    return ErrorBound.EXACT;
  }

  /** The position in the first input of each element of an output, or null where not known. */
  static int @Nullable [] positions(OpDefinition op, OpCall call, int output) {
    Shape shape = call.type(0).shape();
    if (!shape.isStatic()) {
      return null;
    }
    long count = shape.elementCount();
    if (count > MAX_POSITIONS) {
      return null;
    }
    Tensor positions =
        Tensor.ofLongs(ElementType.INT64, shape, LongStream.range(0, count).toArray());
    OpCall moving = withFirst(call, positions);
    if (moving == null || !isSmall(op, moving, output, MAX_POSITIONS)) {
      return null;
    }
    long[] moved = op.evaluate(moving).get(output).toLongs();
    return LongStream.of(moved).mapToInt(Math::toIntExact).toArray();
  }

  /** The entries of the first output, where the first input describes a shape. */
  static @Nullable ShapeValue shapeValue(OpDefinition op, OpCall call) {
    ShapeValue value = call.shapeValue(0);
    if (value == null) {
      return null;
    }
    Shape shape = value.scalar() ? Shape.SCALAR : Shape.of(value.size());
    long[] indices = LongStream.range(0, value.size()).toArray();
    OpCall moving = withFirst(call, Tensor.ofLongs(ElementType.INT64, shape, indices));
    if (moving == null || !isSmall(op, moving, 0, ShapeValue.MAX_ENTRIES)) {
      return null;
    }
    Tensor moved = op.evaluate(moving).getFirst();
    if (moved.shape().rank() > 1) {
      return null;
    }
    List<@Nullable Affine> entries = new ArrayList<>();
    for (long index : moved.toLongs()) {
      entries.add(value.entries().get((int) index));
    }
    return new ShapeValue(moved.shape().rank() == 0, entries);
  }

  private static boolean isSmall(OpDefinition op, OpCall call, int output, long limit) {
    Shape shape = op.inferTypes(call).get(output).shape();
    return shape.isStatic() && shape.elementCount() <= limit;
  }

  /** The call with another first input and all others known, or null where one is not. */
  private static @Nullable OpCall withFirst(OpCall call, Tensor first) {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> tensors = new ArrayList<>();
    List<@Nullable ShapeValue> shapeValues = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      Tensor tensor = i == 0 ? first : known(call, i);
      if (tensor == null && call.hasInput(i)) {
        return null;
      }
      types.add(tensor == null ? null : tensor.type());
      tensors.add(tensor);
      shapeValues.add(tensor == null ? null : ShapeValue.ofTensor(tensor));
    }
    return OpCall.of(call.attributes(), types, tensors, shapeValues, call.outputCount());
  }

  private static @Nullable Tensor known(OpCall call, int input) {
    ShapeValue value = call.shapeValue(input);
    long[] numbers = value == null ? null : value.numbers();
    if (call.constant(input) != null || value == null || numbers == null) {
      return call.constant(input);
    }
    if (!call.type(input).elementType().isInteger()) {
      return null;
    }
    Shape shape = value.scalar() ? Shape.SCALAR : Shape.of(numbers.length);
    return Tensor.ofLongs(call.type(input).elementType(), shape, numbers);
  }
}
