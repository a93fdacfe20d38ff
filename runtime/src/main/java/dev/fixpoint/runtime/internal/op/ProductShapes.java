package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.tensor.Shape;

/** The shapes of products of rows with a constant matrix. */
final class ProductShapes {
  private static final Attribute<Long> TRANS_A = Attribute.ofInt("transA", 0);
  private static final Attribute<Long> TRANS_B = Attribute.ofInt("transB", 0);

  private ProductShapes() {}

  static boolean isTransposedB(KernelCall call) {
    return call.get(TRANS_B) != 0;
  }

  /** Whether the left operand is rows in order and the right one a matrix, neither empty. */
  static boolean areSupported(KernelCall call, int b) {
    Shape left = call.shape(0);
    Shape right = call.shape(b);
    return left.isStatic()
        && right.isStatic()
        && left.rank() >= 2
        && right.rank() == 2
        && left.elementCount() > 0
        && right.elementCount() > 0
        && call.get(TRANS_A) == 0;
  }

  static int depth(KernelCall call) {
    return call.shape(0).intSize(-1);
  }

  static int rows(KernelCall call) {
    return Math.toIntExact(call.shape(0).elementCount() / depth(call));
  }

  static int columns(KernelCall call, int b) {
    return call.shape(b).intSize(isTransposedB(call) ? 0 : 1);
  }

  /** A matrix of bytes by columns: as it is where transposed, else transposed. */
  static byte[] byColumns(byte[] b, int depth, int columns, boolean transposed) {
    if (transposed) {
      return b;
    }
    byte[] moved = new byte[b.length];
    for (int k = 0; k < depth; k++) {
      for (int n = 0; n < columns; n++) {
        moved[n * depth + k] = b[k * columns + n];
      }
    }
    return moved;
  }

  /** A matrix of floats by columns: as it is where transposed, else transposed. */
  static float[] byColumns(float[] b, int depth, int columns, boolean transposed) {
    if (transposed) {
      return b;
    }
    float[] moved = new float[b.length];
    for (int k = 0; k < depth; k++) {
      for (int n = 0; n < columns; n++) {
        moved[n * depth + k] = b[k * columns + n];
      }
    }
    return moved;
  }
}
