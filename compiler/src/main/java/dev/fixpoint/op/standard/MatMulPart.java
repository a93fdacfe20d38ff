package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a product of stacks of matrices as in NumPy: leading dimensions broadcast, a vector
 * is a row on the left and a column on the right. An addend broadcasts to the result.
 */
final class MatMulPart implements LinearPart {
  @Override
  public Shape shape(OpCall call) {
    Shape a = call.type(0).shape();
    Shape b = call.type(1).shape();
    if (!a.isRanked() || !b.isRanked()) {
      return Shape.UNRANKED;
    }
    if (a.rank() == 0 || b.rank() == 0) {
      throw new IllegalArgumentException("a scalar has no matrix product: " + a + " and " + b);
    }
    Dimension inner = a.dimension(-1);
    Dimension otherInner = b.dimension(b.rank() == 1 ? 0 : -2);
    if (!inner.isCompatibleWith(otherInner)) {
      throw new IllegalArgumentException(
          a + " and " + b + " have no matrix product: " + inner + " against " + otherInner);
    }
    List<Dimension> sizes = new ArrayList<>(Broadcasting.shape(stack(a), stack(b)).dimensions());
    if (a.rank() > 1) {
      sizes.add(a.dimension(-2));
    }
    if (b.rank() > 1) {
      sizes.add(b.dimension(-1));
    }
    return withAddend(call, Shape.of(sizes));
  }

  private static Shape withAddend(OpCall call, Shape product) {
    if (call.hasInput(SumForm.ADDEND)) {
      Shape addend = call.type(SumForm.ADDEND).shape();
      Shape both = Broadcasting.shape(product, addend);
      if (both.isRanked() && !(both.rank() == product.rank() && product.isCompatibleWith(both))) {
        throw new IllegalArgumentException(addend + " does not broadcast to " + product);
      }
    }
    return product;
  }

  private static Shape stack(Shape shape) {
    return Shape.of(shape.dimensions().subList(0, Math.max(0, shape.rank() - 2)));
  }

  @Override
  public SumForm elements(OpCall call) {
    Shape addend = call.hasInput(SumForm.ADDEND) ? call.type(SumForm.ADDEND).shape() : null;
    return new Elements(Stacks.of(call.type(0).shape(), call.type(1).shape()), shape(call), addend);
  }

  @Override
  public @Nullable SumForm channels(OpCall call) {
    Shape a = call.type(0).shape();
    Shape b = call.type(1).shape();
    Dimension inner = a.isRanked() && a.rank() > 0 ? a.dimension(-1) : Dimension.UNKNOWN;
    if (b.isRanked() && b.rank() > 0 && !inner.isFixed()) {
      inner = b.dimension(b.rank() == 1 ? 0 : -2);
    }
    if (!(inner instanceof Dimension.Fixed known) || known.size() > Integer.MAX_VALUE) {
      return null;
    }
    boolean perColumn = a.isRanked() && b.isRanked() && b.rank() > 1 && b.dimension(-1).isFixed();
    return new Channels(
        (int) known.size(),
        perColumn ? b.intSize(-1) : 1,
        a.isRanked() ? a.rank() : 0,
        perColumn ? b.rank() : 0,
        perColumn && isMatrix(b),
        perColumn ? shape(call).rank() : 0,
        call.hasInput(SumForm.ADDEND) ? call.type(SumForm.ADDEND).shape() : null);
  }

  /** Whether a stack holds a single matrix. */
  private static boolean isMatrix(Shape b) {
    return b.isStatic() && b.elementCount() == Math.multiplyExact(b.size(-2), b.size(-1));
  }

  /** Number of multiply-accumulates of a call whose types are static. */
  static long multiplyAccumulates(OpCall call) {
    Shape a = call.type(0).shape();
    Shape b = call.type(1).shape();
    if (!a.isStatic() || !b.isStatic()) {
      return 0;
    }
    Stacks stacks = Stacks.of(a, b);
    long matrix = Math.multiplyExact((long) stacks.rows * stacks.inner, stacks.columns);
    return Math.multiplyExact(matrix, stacks.a.size());
  }

  /** The slots of an addend that broadcasts to a result with the given last dimension. */
  static Spread addendSlots(@Nullable Shape addend, int columns, boolean asChannels) {
    if (addend == null) {
      return Spread.UNIFORM;
    }
    if (!asChannels) {
      return new Spread.Elements(Math.toIntExact(addend.elementCount()));
    }
    boolean perColumn =
        addend.isRanked() && addend.rank() > 0 && addend.dimension(-1).isSize(columns);
    return perColumn ? new Spread.Along(addend.rank() - 1, columns) : Spread.UNIFORM;
  }

  /** An addend spread over the result. */
  static double[] addend(
      double[] values, @Nullable Shape addend, Shape result, boolean asChannels, int columns) {
    if (asChannels || addend == null) {
      double[] all = new double[columns];
      Arrays.setAll(all, i -> values[i % values.length]);
      return all;
    }
    int[] offsets = Broadcasting.offsets(addend, result);
    return Arrays.stream(offsets).mapToDouble(offset -> values[offset]).toArray();
  }

  /**
   * Which matrices of two stacks are multiplied.
   *
   * @param a number of the left matrix for each product
   * @param b number of the right matrix for each product
   */
  record Stacks(int rows, int inner, int columns, List<Integer> a, List<Integer> b) {
    static Stacks of(Shape a, Shape b) {
      Shape stack = Broadcasting.shape(stack(a), stack(b));
      return new Stacks(
          a.rank() > 1 ? a.intSize(-2) : 1,
          a.intSize(-1),
          b.rank() > 1 ? b.intSize(-1) : 1,
          Arrays.stream(Broadcasting.offsets(stack(a), stack)).boxed().toList(),
          Arrays.stream(Broadcasting.offsets(stack(b), stack)).boxed().toList());
    }
  }

  private record Elements(Stacks stacks, Shape y, @Nullable Shape added) implements SumForm {
    @Override
    public Spread result() {
      return new Spread.Elements(Math.toIntExact(y.elementCount()));
    }

    @Override
    public Spread operand(int index) {
      int matrices = 1 + stacks.a.stream().mapToInt(Integer::intValue).max().orElse(-1);
      int others = 1 + stacks.b.stream().mapToInt(Integer::intValue).max().orElse(-1);
      return switch (index) {
        case 0 -> new Spread.Elements(matrices * stacks.rows * stacks.inner);
        case 1 -> new Spread.Elements(others * stacks.inner * stacks.columns);
        default -> addendSlots(added, stacks.columns, false);
      };
    }

    @Override
    public long terms() {
      return stacks.inner;
    }

    @Override
    public double[] product(double[] first, double[] second) {
      double[] result = new double[Math.toIntExact(y.elementCount())];
      for (int i = 0; i < stacks.a.size(); i++) {
        MatrixLoop.addProduct(
            first,
            stacks.a.get(i) * stacks.rows * stacks.inner,
            second,
            stacks.b.get(i) * stacks.inner * stacks.columns,
            result,
            i * stacks.rows * stacks.columns,
            stacks.rows,
            stacks.inner,
            stacks.columns);
      }
      return result;
    }

    @Override
    public double[] addend(double[] values) {
      return MatMulPart.addend(values, added, y, false, stacks.columns);
    }
  }

  /** One row and, unless B is a single matrix, one slot for each column, which stand for all. */
  private record Channels(
      int inner, int columns, int rankA, int rankB, boolean matrix, int rank, @Nullable Shape added)
      implements SumForm {
    @Override
    public Spread result() {
      return rankB == 0 ? Spread.UNIFORM : new Spread.Along(rank - 1, columns);
    }

    @Override
    public Spread operand(int index) {
      return switch (index) {
        case 0 -> rankA == 0 ? Spread.UNIFORM : new Spread.Along(rankA - 1, inner);
        case 1 -> {
          if (matrix) {
            yield new Spread.Elements(Math.multiplyExact(inner, columns));
          }
          yield rankB == 0 ? Spread.UNIFORM : new Spread.Along(rankB - 1, columns);
        }
        default -> rankB == 0 ? Spread.UNIFORM : addendSlots(added, columns, true);
      };
    }

    @Override
    public long terms() {
      return inner;
    }

    @Override
    public double[] product(double[] first, double[] second) {
      double[] sums = new double[columns];
      for (int k = 0; k < inner; k++) {
        double x = first[k % first.length];
        for (int j = 0; j < columns; j++) {
          sums[j] += x * second[matrix ? k * columns + j : j];
        }
      }
      return sums;
    }

    @Override
    public double[] addend(double[] values) {
      return MatMulPart.addend(values, added, Shape.SCALAR, true, columns);
    }
  }
}
