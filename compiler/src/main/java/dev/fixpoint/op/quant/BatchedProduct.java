package dev.fixpoint.op.quant;

import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The geometry of a batched matrix product after numpy's matmul: the last two axes are matrices,
 * the others broadcast, and a vector stands for a matrix with one row (left) or one column (right).
 *
 * @param a offset of the left matrix of each product
 * @param b offset of the right matrix of each product
 * @param rows rows of a product
 * @param depth products in a sum
 * @param columns columns of a product
 * @param output shape of the result
 */
record BatchedProduct(int[] a, int[] b, int rows, int depth, int columns, Shape output) {

  /** The product of two tensors of static shape. */
  static BatchedProduct of(Shape left, Shape right) {
    Shape output = infer(left, right);
    long[] x = matrices(left, 0).sizes();
    long[] y = matrices(right, 1).sizes();
    int rows = Math.toIntExact(x[x.length - 2]);
    int depth = Math.toIntExact(x[x.length - 1]);
    int columns = Math.toIntExact(y[y.length - 1]);
    Shape batch = Broadcasting.shape(batch(matrices(left, 0)), batch(matrices(right, 1)));
    int[] a = Broadcasting.offsets(batch(matrices(left, 0)), batch);
    int[] b = Broadcasting.offsets(batch(matrices(right, 1)), batch);
    for (int i = 0; i < a.length; i++) {
      a[i] *= rows * depth;
      b[i] *= depth * columns;
    }
    return new BatchedProduct(a, b, rows, depth, columns, output);
  }

  /**
   * The shape with a vector made a matrix: as a row for the left side, as a column for the right.
   */
  private static Shape matrices(Shape shape, int vectorAxis) {
    if (shape.rank() != 1) {
      return shape;
    }
    List<Dimension> dimensions = new ArrayList<>(shape.dimensions());
    dimensions.add(vectorAxis, Dimension.of(1));
    return Shape.of(dimensions);
  }

  /**
   * The shape of the result for shapes that may be unknown.
   *
   * @throws IllegalArgumentException if the shapes do not go together
   */
  static Shape infer(Shape left, Shape right) {
    if (!left.isRanked() || !right.isRanked()) {
      return Shape.UNRANKED;
    }
    if (left.rank() == 0 || right.rank() == 0) {
      throw new IllegalArgumentException("a scalar has no matrix product");
    }
    Shape x = matrices(left, 0);
    Shape y = matrices(right, 1);
    if (!x.dimension(-1).isCompatibleWith(y.dimension(-2))) {
      throw new IllegalArgumentException("the depths of " + left + " and " + right + " differ");
    }
    List<Dimension> output = new ArrayList<>(Broadcasting.shape(batch(x), batch(y)).dimensions());
    if (left.rank() > 1) {
      output.add(x.dimension(-2));
    }
    if (right.rank() > 1) {
      output.add(y.dimension(-1));
    }
    return Shape.of(output);
  }

  private static Shape batch(Shape matrices) {
    return Shape.of(matrices.dimensions().subList(0, matrices.rank() - 2));
  }

  /** Multiplies and hands over every row of accumulators, by where it starts in the output. */
  void forEachRow(
      int[] left, int[] right, int @Nullable [] bias, IntegerProduct.RowConsumer consumer) {
    for (int i = 0; i < a.length; i++) {
      int start = i * rows;
      IntegerProduct.forEachRow(
          left, a[i], right, b[i], rows, depth, columns, bias, shifted(consumer, start, columns));
    }
  }

  private static IntegerProduct.RowConsumer shifted(
      IntegerProduct.RowConsumer consumer, int start, int columns) {
    return new IntegerProduct.RowConsumer() {
      @Override
      public void accept(int index, int[] row) {
        consumer.accept((start + index) * columns, row);
      }

      @Override
      public void acceptWide(int index, long[] row) {
        consumer.acceptWide((start + index) * columns, row);
      }
    };
  }
}
