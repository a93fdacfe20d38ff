package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.kernel.KernelCall;
import dev.fixpoint.tensor.Shape;

/**
 * The geometry of products of two variable matrices, batch by batch.
 *
 * @param left where the left matrix of each product begins
 * @param right where the right matrix of each product begins
 * @param rows rows of a product
 * @param depth depth of a product
 * @param columns columns of a product
 */
record BatchShapes(int[] left, int[] right, int rows, int depth, int columns) {

  /** Whether both operands are matrices or batches of them, static and not empty. */
  static boolean areSupported(KernelCall call, int b) {
    Shape x = call.shape(0);
    Shape y = call.shape(b);
    return x.isStatic()
        && y.isStatic()
        && x.rank() >= 2
        && y.rank() >= 2
        && x.elementCount() > 0
        && y.elementCount() > 0;
  }

  static BatchShapes of(KernelCall call, int b) {
    Shape x = call.shape(0);
    Shape y = call.shape(b);
    Shape out = call.outputType().shape();
    int rows = x.intSize(-2);
    int depth = x.intSize(-1);
    int columns = y.intSize(-1);
    return new BatchShapes(
        offsets(x, out, rows * depth), offsets(y, out, depth * columns), rows, depth, columns);
  }

  private static int[] offsets(Shape operand, Shape output, int matrix) {
    int count = 1;
    for (int axis = 0; axis < output.rank() - 2; axis++) {
      count *= output.intSize(axis);
    }
    int[] offsets = new int[count];
    for (int i = 0; i < count; i++) {
      int rest = i;
      int step = matrix;
      for (int axis = 3; axis <= output.rank(); axis++) {
        int size = output.intSize(-axis);
        int own = axis <= operand.rank() ? operand.intSize(-axis) : 1;
        offsets[i] += own == 1 ? 0 : rest % size * step;
        rest /= size;
        step *= own;
      }
    }
    return offsets;
  }

  int batches() {
    return left.length;
  }
}
