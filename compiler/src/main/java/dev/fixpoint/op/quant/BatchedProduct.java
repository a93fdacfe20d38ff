package dev.fixpoint.op.quant;

import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The geometry of a batched matrix product after numpy's matmul: the last two axes are matrices, the
 * others broadcast, and a vector stands for a matrix with one row (left) or one column (right).
 *
 * @param a offset of the left matrix of each product
 * @param b offset of the right matrix of each product
 * @param rows rows of a product
 * @param depth products in a sum
 * @param columns columns of a product
 * @param output shape of the result
 */
record BatchedProduct(int[] a, int[] b, int rows, int depth, int columns, Shape output) {

  /** Receives one row of accumulators. */
  interface RowConsumer {
    /**
     * Receives a row.
     *
     * @param offset where the row starts in the output
     * @param row accumulators, valid during the call
     */
    void accept(int offset, int[] row);
  }

  /** The product of two tensors of static shape. */
  static BatchedProduct of(Shape left, Shape right) {
    Shape output = infer(left, right);
    long[] x = matrices(left, 0).sizes();
    long[] y = matrices(right, 1).sizes();
    int rows = Math.toIntExact(x[x.length - 2]);
    int depth = Math.toIntExact(x[x.length - 1]);
    int columns = Math.toIntExact(y[y.length - 1]);
    int rank = Math.max(x.length, y.length) - 2;
    long[] batch = new long[rank];
    for (int d = 0; d < rank; d++) {
      long p = size(x, rank - d);
      batch[d] = p == 1 ? size(y, rank - d) : p;
    }
    int count = Math.toIntExact(Shape.of(batch).elementCount());
    int[] a = offsets(x, batch, count, rows * depth);
    int[] b = offsets(y, batch, count, depth * columns);
    return new BatchedProduct(a, b, rows, depth, columns, output);
  }

  private static long size(long[] sizes, int fromMatrix) {
    int index = sizes.length - 2 - fromMatrix;
    return index < 0 ? 1 : sizes[index];
  }

  private static int[] offsets(long[] sizes, long[] batch, int count, int matrix) {
    int[] offsets = new int[count];
    for (int i = 0; i < count; i++) {
      long rest = i;
      long pitch = matrix;
      long offset = 0;
      for (int d = batch.length - 1; d >= 0; d--) {
        long size = size(sizes, batch.length - d);
        long at = rest % batch[d];
        offset += size == 1 ? 0 : at * pitch;
        pitch *= size;
        rest /= batch[d];
      }
      offsets[i] = Math.toIntExact(offset);
    }
    return offsets;
  }

  /** The shape with a vector made a matrix: as a row for the left side, as a column for the right. */
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
    List<Dimension> output = new ArrayList<>();
    for (int d = Math.max(x.rank(), y.rank()) - 2; d > 0; d--) {
      output.add(Broadcast.dimension(batchDimension(x, d), batchDimension(y, d)));
    }
    if (left.rank() > 1) {
      output.add(x.dimension(-2));
    }
    if (right.rank() > 1) {
      output.add(y.dimension(-1));
    }
    return Shape.of(output);
  }

  private static Dimension batchDimension(Shape shape, int fromMatrix) {
    int index = shape.rank() - 2 - fromMatrix;
    return index < 0 ? Dimension.of(1) : shape.dimension(index);
  }

  /** Multiplies and hands over every row of accumulators. */
  void forEachRow(int[] left, int[] right, int @Nullable [] bias, RowConsumer consumer) {
    for (int i = 0; i < a.length; i++) {
      int start = i * rows;
      IntegerProduct.forEachRow(
          left,
          a[i],
          right,
          b[i],
          rows,
          depth,
          columns,
          bias,
          (index, row) -> consumer.accept((start + index) * columns, row));
    }
  }
}
