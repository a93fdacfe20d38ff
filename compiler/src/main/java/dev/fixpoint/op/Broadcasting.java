package dev.fixpoint.op;

import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Multidirectional broadcasting as in NumPy and ONNX: shapes are aligned at their last dimension,
 * and a dimension of size 1, or one that is not there, repeats along the other's.
 */
public final class Broadcasting {
  private Broadcasting() {}

  /**
   * The shape of the result of two broadcast operands. A dimension that is known by name only stays
   * known where the other one is 1 or has the same name.
   *
   * @throws IllegalArgumentException if two known sizes differ and neither is 1
   */
  public static Shape shape(Shape a, Shape b) {
    if (!a.isRanked() || !b.isRanked()) {
      return Shape.UNRANKED;
    }
    int rank = Math.max(a.rank(), b.rank());
    List<Dimension> dimensions = new ArrayList<>(rank);
    for (int axis = 0; axis < rank; axis++) {
      Dimension left = aligned(a, axis, rank);
      Dimension right = aligned(b, axis, rank);
      if (!left.isCompatibleWith(right) && !left.isSize(1) && !right.isSize(1)) {
        throw new IllegalArgumentException(
            "shapes " + a + " and " + b + " do not broadcast: " + left + " against " + right);
      }
      dimensions.add(dimension(left, right));
    }
    return Shape.of(dimensions);
  }

  /** The shape of the result of any number of broadcast operands, at least one. */
  public static Shape shape(List<Shape> shapes) {
    Shape common = shapes.getFirst();
    for (Shape shape : shapes.subList(1, shapes.size())) {
      common = shape(common, shape);
    }
    return common;
  }

  private static Dimension aligned(Shape shape, int axis, int rank) {
    int own = axis - (rank - shape.rank());
    return own < 0 ? Dimension.of(1) : shape.dimension(own);
  }

  private static Dimension dimension(Dimension a, Dimension b) {
    if (a.isSize(1)) {
      return b;
    }
    if (b.isSize(1) || a.isFixed()) {
      return a;
    }
    if (b.isFixed()) {
      return b;
    }
    return a instanceof Dimension.Symbolic && a.equals(b) ? a : Dimension.UNKNOWN;
  }

  /**
   * How far the flat position in an operand moves for one step along each dimension of the result;
   * 0 where the operand repeats. Both shapes are static.
   *
   * @throws IllegalArgumentException if the operand does not broadcast to the result
   */
  public static int[] strides(Shape operand, Shape result) {
    int[] sizes = operand.intSizes();
    int[] resultSizes = result.intSizes();
    int[] strides = new int[resultSizes.length];
    int shift = resultSizes.length - sizes.length;
    int stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      boolean fits =
          axis + shift >= 0 && (sizes[axis] == resultSizes[axis + shift] || sizes[axis] == 1);
      if (!fits) {
        throw new IllegalArgumentException(operand + " does not broadcast to " + result);
      }
      strides[axis + shift] = sizes[axis] == 1 ? 0 : stride;
      stride *= sizes[axis];
    }
    return strides;
  }

  /**
   * The flat position in an operand for each element of the result, in row-major order. Both shapes
   * are static.
   *
   * @throws IllegalArgumentException if the operand does not broadcast to the result
   */
  public static int[] offsets(Shape operand, Shape result) {
    if (operand.equals(result)) {
      return IntStream.range(0, Math.toIntExact(result.elementCount())).toArray();
    }
    return offsets(result.intSizes(), strides(operand, result));
  }

  /**
   * The flat position in an array for each element of an iteration in row-major order, when one
   * step along a dimension moves by the given stride.
   */
  public static int[] offsets(int[] sizes, int[] strides) {
    int count = Math.toIntExact(Shape.of(longs(sizes)).elementCount());
    int[] offsets = new int[count];
    int[] index = new int[sizes.length];
    int offset = 0;
    for (int i = 0; i < count; i++) {
      offsets[i] = offset;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        offset += strides[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        offset -= strides[axis] * sizes[axis];
        index[axis] = 0;
      }
    }
    return offsets;
  }

  private static long[] longs(int[] sizes) {
    long[] longs = new long[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      longs[i] = sizes[i];
    }
    return longs;
  }
}
