package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Affine;
import dev.fixpoint.op.OpCall;
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

  /** Unbounded if an input may move that chooses elements: then others are chosen. */
  static ErrorBound choiceError(DataMovement op, List<ErrorBound> errors) {
    for (int i = 0; i < errors.size(); i++) {
      if (op.chooses(i) && !(errors.get(i) instanceof ErrorBound.Exact)) {
        return inexactChoice(i);
      }
    }
    return ErrorBound.EXACT;
  }

  /** The bound where an input that chooses elements is not exact. */
  static ErrorBound inexactChoice(int input) {
    return ErrorBound.unbounded("input " + input + ", which chooses elements, is not exact");
  }

  /** The position in the first input of each element of an output, or null where not known. */
  static int @Nullable [] positions(DataMovement op, OpCall call, int output) {
    Shape shape = call.type(0).shape();
    if (!shape.isStatic()) {
      return null;
    }
    if (shape.elementCount() > MAX_POSITIONS) {
      return null;
    }
    OpCall moving = withFirst(op, call, numbered(shape));
    if (moving == null || !isSmall(op, moving, output, MAX_POSITIONS)) {
      return null;
    }
    long[] moved = op.evaluate(moving).get(output).toLongs();
    return LongStream.of(moved).mapToInt(number -> (int) number - 1).toArray();
  }

  /** The entries of the first output, where the first input describes a shape. */
  static @Nullable ShapeValue shapeValue(DataMovement op, OpCall call) {
    ShapeValue value = call.shapeValue(0);
    if (value == null) {
      return null;
    }
    Shape shape = value.scalar() ? Shape.SCALAR : Shape.of(value.size());
    OpCall moving = withFirst(op, call, numbered(shape));
    if (moving == null || !isSmall(op, moving, 0, ShapeValue.MAX_ENTRIES)) {
      return null;
    }
    Tensor moved = op.evaluate(moving).getFirst();
    if (moved.shape().rank() > 1) {
      return null;
    }
    List<@Nullable Affine> entries = new ArrayList<>();
    for (long number : moved.toLongs()) {
      entries.add(number == 0 ? null : value.entries().get((int) number - 1));
    }
    return new ShapeValue(moved.shape().rank() == 0, entries);
  }

  /** The elements numbered from 1 on, so that 0 is a filler. */
  private static Tensor numbered(Shape shape) {
    long[] numbers = LongStream.rangeClosed(1, shape.elementCount()).toArray();
    return Tensor.ofLongs(ElementType.INT64, shape, numbers);
  }

  private static boolean isSmall(DataMovement op, OpCall call, int output, long limit) {
    Shape shape = op.inferTypes(call).get(output).shape();
    return shape.isStatic() && shape.elementCount() <= limit;
  }

  /** The call with another first input and no filler, or null where a choice is not known. */
  private static @Nullable OpCall withFirst(DataMovement op, OpCall call, Tensor first) {
    List<@Nullable TensorType> types = new ArrayList<>();
    List<@Nullable Tensor> tensors = new ArrayList<>();
    List<@Nullable ShapeValue> shapeValues = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      Tensor tensor = i == 0 ? first : op.chooses(i) ? known(call, i) : null;
      if (tensor == null && op.chooses(i) && call.hasInput(i)) {
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
