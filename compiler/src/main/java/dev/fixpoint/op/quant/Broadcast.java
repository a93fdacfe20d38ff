package dev.fixpoint.op.quant;

import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The multidirectional broadcasting of ONNX, for two tensors. */
final class Broadcast {
  private Broadcast() {}

  /** The dimension that two broadcast to; unknown where one unknown could be 1. */
  static Dimension dimension(Dimension a, Dimension b) {
    if (a.isSize(1) || a.equals(b)) {
      return b;
    }
    if (b.isSize(1)) {
      return a;
    }
    if (a instanceof Dimension.Fixed && b instanceof Dimension.Fixed) {
      throw new IllegalArgumentException("dimensions " + a + " and " + b + " do not broadcast");
    }
    if (a instanceof Dimension.Fixed) {
      return a;
    }
    return b instanceof Dimension.Fixed ? b : Dimension.UNKNOWN;
  }

  /** The shape that two broadcast to. */
  static Shape shape(Shape a, Shape b) {
    if (!a.isRanked() || !b.isRanked()) {
      return Shape.UNRANKED;
    }
    int rank = Math.max(a.rank(), b.rank());
    List<Dimension> dimensions = new ArrayList<>();
    for (int d = rank; d > 0; d--) {
      dimensions.add(dimension(fromEnd(a, d), fromEnd(b, d)));
    }
    return Shape.of(dimensions);
  }

  private static Dimension fromEnd(Shape shape, int distance) {
    return distance > shape.rank() ? Dimension.of(1) : shape.dimension(-distance);
  }

  /** The position in {@code operand} of each element of {@code output}, both static. */
  static int[] positions(Shape operand, Shape output) {
    int[] positions = new int[Math.toIntExact(output.elementCount())];
    int[] strides = new int[output.rank()];
    int pitch = 1;
    for (int d = 1; d <= operand.rank(); d++) {
      int size = operand.intSize(-d);
      strides[output.rank() - d] = size == 1 ? 0 : pitch;
      pitch *= size;
    }
    int[] sizes = output.intSizes();
    int[] at = new int[sizes.length];
    int position = 0;
    for (int i = 0; i < positions.length; i++) {
      positions[i] = position;
      for (int d = sizes.length - 1; d >= 0; d--) {
        position += strides[d];
        if (++at[d] < sizes[d]) {
          break;
        }
        position -= strides[d] * sizes[d];
        at[d] = 0;
      }
    }
    return positions;
  }
}
