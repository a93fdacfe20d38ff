package dev.fixpoint.op.standard;

import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A tensor's elements divided into groups of equal size that are normalized together.
 *
 * @param groups number of groups
 * @param size elements of each
 * @param order position of every element, group by group; null where that is row-major order
 */
record Grouping(int groups, int size, int @Nullable [] order) {
  /** Groups of neighbouring elements. */
  static Grouping contiguous(Shape shape, int groups) {
    int count = Math.toIntExact(shape.elementCount());
    return new Grouping(groups, groups == 0 ? 0 : count / groups, null);
  }

  /** Groups that differ along some axes and hold all indices of the others. */
  static Grouping over(Shape shape, boolean... reduced) {
    int rank = shape.rank();
    int[] sizes = new int[rank];
    int[] strides = new int[rank];
    int outer = 0;
    for (int pass = 0; pass < 2; pass++) {
      for (int axis = 0; axis < rank; axis++) {
        if (reduced[axis] == (pass == 1)) {
          sizes[outer] = shape.intSize(axis);
          strides[outer++] = stride(shape, axis);
        }
      }
    }
    int size = 1;
    for (int axis = 0; axis < rank; axis++) {
      size *= reduced[axis] ? shape.intSize(axis) : 1;
    }
    int[] order = Broadcasting.offsets(sizes, strides);
    return new Grouping(size == 0 ? 0 : order.length / size, size, order);
  }

  private static int stride(Shape shape, int axis) {
    int stride = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      stride *= shape.intSize(i);
    }
    return stride;
  }

  /** The position of an element of a group. */
  int at(int group, int index) {
    int place = group * size + index;
    return order == null ? place : order[place];
  }
}
