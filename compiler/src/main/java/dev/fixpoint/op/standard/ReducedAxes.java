package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which axes a reduction is along. */
final class ReducedAxes {
  private ReducedAxes() {}

  /**
   * Whether each axis of the first input is reduced, by the optional second input, or null where
   * that is not known.
   *
   * @param noop whether no axes means none instead of all
   */
  static boolean @Nullable [] of(OpCall call, Attribute<Long> noop) {
    Shape shape = call.type(0).shape();
    if (!shape.isRanked()) {
      return null;
    }
    long[] axes = call.hasInput(1) ? Axes.longs(call, 1) : new long[0];
    if (axes == null) {
      return null;
    }
    boolean[] reduced = new boolean[shape.rank()];
    if (axes.length == 0) {
      Arrays.fill(reduced, !call.attributes().isSet(noop));
    }
    for (int axis : Axes.normalized(axes, shape.rank())) {
      reduced[axis] = true;
    }
    return reduced;
  }

  /** The shape after a reduction. */
  static Shape shape(Shape shape, boolean[] reduced, boolean keepDims) {
    List<Dimension> dimensions = new ArrayList<>();
    for (int axis = 0; axis < reduced.length; axis++) {
      if (!reduced[axis]) {
        dimensions.add(shape.dimension(axis));
      } else if (keepDims) {
        dimensions.add(Dimension.of(1));
      }
    }
    return Shape.of(dimensions);
  }
}
