package dev.fixpoint.op.standard;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;

/** Products of stacks of integer matrices, exact; a sum that does not fit its type is refused. */
final class IntegerMatrices {
  private IntegerMatrices() {}

  /** The product of two stacks of matrices. */
  static Tensor product(Tensor a, Tensor b, Shape shape) {
    MatMulPart.Stacks stacks = MatMulPart.Stacks.of(a.shape(), b.shape());
    ElementType type = a.elementType();
    if (type == ElementType.UINT64) {
      throw new ArithmeticException("matrix products of uint64 are not supported");
    }
    long[] y = new long[Math.toIntExact(shape.elementCount())];
    long[] left = a.toLongs();
    long[] right = b.toLongs();
    List<Integer> lefts = stacks.a();
    for (int i = 0; i < lefts.size(); i++) {
      int leftAt = lefts.get(i) * stacks.rows() * stacks.inner();
      int rightAt = stacks.b().get(i) * stacks.inner() * stacks.columns();
      int at = i * stacks.rows() * stacks.columns();
      for (int row = 0; row < stacks.rows(); row++) {
        for (int column = 0; column < stacks.columns(); column++) {
          y[at + row * stacks.columns() + column] =
              dot(left, leftAt + row * stacks.inner(), right, rightAt + column, stacks);
        }
      }
    }
    return Tensor.ofLongs(type, shape, y);
  }

  private static long dot(
      long[] left, int leftAt, long[] right, int rightAt, MatMulPart.Stacks stacks) {
    long sum = 0;
    for (int k = 0; k < stacks.inner(); k++) {
      long product = Math.multiplyExact(left[leftAt + k], right[rightAt + k * stacks.columns()]);
      sum = Math.addExact(sum, product);
    }
    return sum;
  }
}
