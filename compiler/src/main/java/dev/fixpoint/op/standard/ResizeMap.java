package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resize as a linear map that is a product of maps along the axes, for a call whose sizes are
 * known.
 *
 * @param input shape of X
 * @param axes what happens along each axis; null where nothing does
 */
record ResizeMap(Shape input, List<@Nullable ResizeAxis> axes) {
  static ResizeMap of(OpCall call) {
    ResizePlan plan = ResizePlan.of(call);
    Shape x = call.type(0).shape();
    List<@Nullable ResizeAxis> axes = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      boolean changes = x.size(axis) != 0 && plan.mayChange(axis);
      ResizeAxis map = changes ? plan.axis(axis) : null;
      if (changes && map == null) {
        throw new IllegalArgumentException("the size of axis " + axis + " is not known");
      }
      axes.add(map);
    }
    return new ResizeMap(x, axes);
  }

  /** The shape of the result. */
  Shape shape() {
    long[] sizes = input.sizes();
    for (int axis = 0; axis < sizes.length; axis++) {
      ResizeAxis map = axes.get(axis);
      sizes[axis] = map == null ? sizes[axis] : map.output();
    }
    return Shape.of(sizes);
  }

  /** The result in double, last axis first; positions outside take the given value. */
  double[] apply(double[] x, double outside) {
    int[] sizes = input.intSizes();
    double[] y = x;
    int inner = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      ResizeAxis map = axes.get(axis);
      if (map != null) {
        y = map.apply(y, y.length / (sizes[axis] * inner), inner);
        inner *= map.output();
      } else {
        inner *= sizes[axis];
      }
    }
    int[] positions = isCropped() ? positions() : new int[0];
    for (int i = 0; i < positions.length; i++) {
      y[i] = positions[i] == Elements.FILLER ? outside : y[i];
    }
    return y;
  }

  private boolean isCropped() {
    for (ResizeAxis axis : axes) {
      for (int i = 0; axis != null && i < axis.output(); i++) {
        if (axis.outside()[i]) {
          return true;
        }
      }
    }
    return false;
  }

  /** The position of the first tap of each element of the result, or {@link Elements#FILLER}. */
  int[] positions() {
    int[] sizes = input.intSizes();
    int[] strides = Elements.strides(sizes);
    int[][] offsets = new int[sizes.length][];
    for (int axis = 0; axis < sizes.length; axis++) {
      ResizeAxis map = axes.get(axis);
      offsets[axis] =
          map == null ? Elements.steps(sizes[axis], strides[axis]) : offsets(map, strides[axis]);
    }
    return Elements.positions(offsets);
  }

  private static int[] offsets(ResizeAxis map, int stride) {
    int[] offsets = map.nearest();
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = map.outside()[i] ? Elements.FILLER : offsets[i] * stride;
    }
    return offsets;
  }

  /** This map with the magnitudes of its weights. */
  ResizeMap absolute() {
    List<@Nullable ResizeAxis> magnitudes = new ArrayList<>();
    for (ResizeAxis axis : axes) {
      magnitudes.add(axis == null ? null : axis.absolute());
    }
    return new ResizeMap(input, magnitudes);
  }

  /** The factor by which the map can enlarge a difference. */
  double gain() {
    double gain = 1;
    for (ResizeAxis axis : axes) {
      gain *= axis == null ? 1 : axis.gain();
    }
    return gain;
  }

  /** The largest size of an axis that changes. */
  int largestSize() {
    int largest = 1;
    for (ResizeAxis axis : axes) {
      largest = axis == null ? largest : Math.max(largest, Math.max(axis.input(), axis.output()));
    }
    return largest;
  }
}
