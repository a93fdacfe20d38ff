package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;

/** Sizes of groups of axes, as far as known. */
final class GroupSizes {
  private GroupSizes() {}

  /** The number of elements over all axes from one on, or -1 where that is not known. */
  static long from(Shape shape, int axis) {
    if (!shape.isRanked()) {
      return -1;
    }
    long size = 1;
    for (int i = axis; i < shape.rank(); i++) {
      if (!(shape.dimension(i) instanceof Dimension.Fixed fixed)) {
        return -1;
      }
      size *= fixed.size();
    }
    return size;
  }

  /** The axis of X that an attribute names, counted from the front. */
  static int axis(OpCall call, Attribute<Long> key) {
    return axis(call.get(key), call.type(0).shape().rank());
  }

  /** An axis counted from the front; throws where there is none. */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException("axis " + axis + " of a tensor of rank " + rank);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }
}
