package dev.fixpoint.runtime.kernel;

import dev.fixpoint.tensor.Shape;

/** The order in which the elements of a tensor lie in a buffer. */
public enum Layout {
  /** As ONNX writes them: the last axis varies fastest. */
  ROW_MAJOR,
  /** Axis 1 varies fastest, the others in their order: NHWC for an image. */
  CHANNELS_LAST;

  /** Whether a tensor of this shape lies the same way in both layouts. */
  public static boolean coincide(Shape shape) {
    if (shape.rank() < 3 || shape.size(1) == 1) {
      return true;
    }
    for (int axis = 2; axis < shape.rank(); axis++) {
      if (shape.size(axis) != 1) {
        return false;
      }
    }
    return true;
  }

  /** Distance between neighbours along each axis of a dense buffer in this layout. */
  public int[] strides(int[] sizes) {
    int[] strides = new int[sizes.length];
    int step = 1;
    if (this == CHANNELS_LAST && sizes.length > 2) {
      strides[1] = 1;
      step = sizes[1];
    }
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      if (this == ROW_MAJOR || sizes.length <= 2 || axis != 1) {
        strides[axis] = step;
        step *= sizes[axis];
      }
    }
    return strides;
  }
}
