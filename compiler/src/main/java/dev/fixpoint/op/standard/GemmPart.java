package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sums of {@code alpha · A' · B' + beta · C} for matrices, each of A and B transposed or not.
 */
final class GemmPart implements LinearPart {
  static final Attribute<Float> ALPHA = Attribute.ofFloat("alpha", 1);
  static final Attribute<Float> BETA = Attribute.ofFloat("beta", 1);
  static final Attribute<Long> TRANS_A = Attribute.ofInt("transA", 0);
  static final Attribute<Long> TRANS_B = Attribute.ofInt("transB", 0);

  @Override
  public Shape shape(OpCall call) {
    Dimension rows = dimension(call, 0, TRANS_A, 0);
    Dimension columns = dimension(call, 1, TRANS_B, 1);
    Dimension inner = dimension(call, 0, TRANS_A, 1);
    Dimension otherInner = dimension(call, 1, TRANS_B, 0);
    if (!inner.isCompatibleWith(otherInner)) {
      throw new IllegalArgumentException(
          "A sums over " + inner + " entries, but B over " + otherInner);
    }
    Shape shape = Shape.of(Arrays.asList(rows, columns));
    if (call.hasInput(SumForm.ADDEND)) {
      Shape addend = call.type(SumForm.ADDEND).shape();
      Shape both = Broadcasting.shape(shape, addend);
      if (both.isRanked() && !(both.rank() == 2 && shape.isCompatibleWith(both))) {
        throw new IllegalArgumentException(addend + " does not broadcast to " + shape);
      }
    }
    return shape;
  }

  /** A dimension of a matrix after transposition. */
  private static Dimension dimension(OpCall call, int input, Attribute<Long> trans, int axis) {
    Shape shape = call.type(input).shape();
    if (!shape.isRanked()) {
      return Dimension.UNKNOWN;
    }
    if (shape.rank() != 2) {
      throw new IllegalArgumentException("input " + input + " should be a matrix, but is " + shape);
    }
    return shape.dimension(call.attributes().isSet(trans) ? 1 - axis : axis);
  }

  @Override
  public SumForm elements(OpCall call) {
    Dimension rows = dimension(call, 0, TRANS_A, 0);
    return Product.of(call, Shape.of(Arrays.asList(rows)).intSize(0), false);
  }

  @Override
  public @Nullable SumForm channels(OpCall call) {
    boolean known =
        dimension(call, 1, TRANS_B, 0).isFixed() && dimension(call, 1, TRANS_B, 1).isFixed();
    return known ? Product.of(call, 1, true) : null;
  }

  @Override
  public double factor(OpCall call, int operand) {
    return call.get(operand == SumForm.ADDEND ? BETA : ALPHA);
  }

  @Override
  public Attributes withoutFactors(Attributes attributes) {
    return attributes.without(ALPHA.name()).without(BETA.name());
  }

  /** Number of multiply-accumulates of a call whose types are static. */
  static long multiplyAccumulates(OpCall call) {
    Shape a = call.type(0).shape();
    Shape b = call.type(1).shape();
    if (!a.isStatic() || !b.isStatic()) {
      return 0;
    }
    long columns = b.size(call.attributes().isSet(TRANS_B) ? 0 : 1);
    return Math.multiplyExact(a.elementCount(), columns);
  }

  /**
   * The product of matrices; as channels, of one row that stands for all with a matrix.
   *
   * @param addend shape of C as far as it is known, or null
   */
  private record Product(
      boolean asChannels,
      int rows,
      int inner,
      int columns,
      boolean transA,
      boolean transB,
      double alpha,
      double beta,
      @Nullable Shape addend)
      implements SumForm {

    static Product of(OpCall call, int rows, boolean asChannels) {
      Shape b = call.type(1).shape();
      boolean transB = call.attributes().isSet(TRANS_B);
      return new Product(
          asChannels,
          rows,
          b.intSize(transB ? 1 : 0),
          b.intSize(transB ? 0 : 1),
          call.attributes().isSet(TRANS_A),
          transB,
          call.get(ALPHA),
          call.get(BETA),
          call.hasInput(ADDEND) ? call.type(ADDEND).shape() : null);
    }

    @Override
    public Spread result() {
      return asChannels
          ? new Spread.Along(1, columns)
          : new Spread.Elements(Math.multiplyExact(rows, columns));
    }

    @Override
    public Spread operand(int index) {
      return switch (index) {
        case 0 ->
            asChannels
                ? new Spread.Along(transA ? 0 : 1, inner)
                : new Spread.Elements(Math.multiplyExact(rows, inner));
        case 1 -> new Spread.Elements(Math.multiplyExact(inner, columns));
        default -> MatMulPart.addendSlots(addend, columns, asChannels);
      };
    }

    @Override
    public long terms() {
      return inner;
    }

    @Override
    public double scale(int index) {
      return switch (index) {
        case 1 -> alpha;
        case ADDEND -> beta;
        default -> 1;
      };
    }

    @Override
    public double[] product(double[] first, double[] second) {
      boolean turned = transA && !asChannels;
      double[] a = turned ? MatrixLoop.transposed(first, inner, rows) : first;
      double[] y = new double[Math.multiplyExact(rows, columns)];
      if (transB) {
        MatrixLoop.addTransposedProduct(a, second, y, rows, inner, columns);
      } else {
        MatrixLoop.addProduct(a, 0, second, 0, y, 0, rows, inner, columns);
      }
      return y;
    }

    @Override
    public double[] addend(double[] values) {
      return MatMulPart.addend(values, addend, Shape.of(rows, columns), asChannels, columns);
    }
  }
}
