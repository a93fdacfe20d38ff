package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Set;

/**
 * ONNX Runtime MatMulNBits: {@code A · B' + bias} where {@code B [N, K]} is stored in blocks of
 * {@code block_size} along K, each element in 2, 4 or 8 bits, packed from the lowest bits up, with
 * a scale and a zero point for each block. Zero points are packed likewise, or given in the type of
 * A; without them the middle of the range is zero. {@code g_idx} is not supported.
 */
public final class MatMulNBits extends FloatResult {
  /** Columns of A and of B. */
  public static final Attribute<Long> K = Attribute.ofInt("K").required();

  /** Rows of B. */
  public static final Attribute<Long> N = Attribute.ofInt("N").required();

  /** Bits of an element of B. */
  public static final Attribute<Long> BITS = Attribute.ofInt("bits", 4);

  /** Elements that share a scale. */
  public static final Attribute<Long> BLOCK_SIZE = Attribute.ofInt("block_size").required();

  private static final int BIAS = 5;

  /** Roundings besides those of products and their sums: of weights, scales and the bias. */
  private static final int FURTHER_STEPS = 16;

  private static final Attribute<Long> ACCURACY_LEVEL = Attribute.ofInt("accuracy_level", 0);

  private static final OpSchema SCHEMA =
      OpSchema.of(OpId.microsoft("MatMulNBits"))
          .versions(1)
          .input("A", QuantTypes.FLOATS)
          .input("B", Set.of(ElementType.UINT8, ElementType.INT32))
          .input("scales", QuantTypes.FLOATS)
          .optionalInput("zero_points", Types.union(QuantTypes.FLOATS, Set.of(ElementType.UINT8)))
          .optionalInput("g_idx", QuantTypes.INT32)
          .optionalInput("bias", QuantTypes.FLOATS)
          .output("Y", QuantTypes.FLOATS)
          .attributes(K, N, BITS, BLOCK_SIZE, ACCURACY_LEVEL)
          .doc("Matrix product with weights of few bits in blocks.");

  /** The definition. */
  public MatMulNBits() {
    super(SCHEMA);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape a = call.type(0).shape();
    if (!a.isRanked()) {
      return List.of(call.type(0).withShape(Shape.UNRANKED));
    }
    if (a.rank() == 0 || !a.dimension(-1).isCompatibleWith(Dimension.of(call.get(K)))) {
      throw new IllegalArgumentException("A has shape " + a + ", but K is " + call.get(K));
    }
    return List.of(call.type(0).withShape(a.with(-1, Dimension.of(call.get(N)))));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    if (call.hasInput(4)) {
      throw new UnsupportedOperationException("g_idx of " + id() + " is not supported");
    }
    BlockedMatrix b = BlockedMatrix.of(call);
    int depth = b.depth();
    int columns = b.columns();
    double[] weights = new double[Math.multiplyExact(columns, depth)];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = b.at(i / depth, i % depth);
    }
    Tensor biasTensor = call.constant(BIAS);
    double[] bias = biasTensor == null ? new double[columns] : biasTensor.toDoubles();
    double[] a = call.tensor(0).toDoubles();
    int rows = depth == 0 ? 0 : a.length / depth;
    double[] output = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int n = 0; n < columns; n++) {
        double sum = bias[n];
        for (int k = 0; k < depth; k++) {
          sum += a[i * depth + k] * weights[n * depth + k];
        }
        output[i * columns + n] = sum;
      }
    }
    Shape shape = inferTypes(call).getFirst().shape();
    return List.of(Tensor.ofDoubles(call.type(0).elementType(), shape, output));
  }

  /**
   * The backward error of a sum of products in any order, {@code γₙ Σ|x||w|}, where integers and
   * zero points may be multiplied apart, and numbers too small for the type are lost.
   */
  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    BlockedMatrix b = BlockedMatrix.of(call);
    ElementType type = call.type(0).elementType();
    Tensor biasTensor = call.constant(BIAS);
    double[] bias = biasTensor == null ? new double[b.columns()] : biasTensor.toDoubles();
    double[] a = call.tensor(0).toDoubles();
    double[] errors = new double[Math.toIntExact(outputs.getFirst().elementCount())];
    long steps = 2L * b.depth() + FURTHER_STEPS;
    double relative = Transfers.gamma(type, steps);
    for (int i = 0; i < errors.length; i++) {
      int column = i % b.columns();
      double magnitude = Math.abs(bias[column]);
      double lost = 1;
      for (int k = 0; k < b.depth(); k++) {
        int block = column * b.blocks() + k / b.blockSize();
        double x = Math.abs(a[i / b.columns() * b.depth() + k]);
        double scale = Math.abs(b.scales()[block]);
        magnitude += x * (b.code(column, k) + Math.abs(b.zeros()[block])) * scale;
        lost += x + scale;
      }
      double absolute = steps * Transfers.smallest(type) * lost;
      double half = Transfers.halfUlp(type, Math.abs(outputs.getFirst().doubleAt(i)));
      errors[i] = Math.nextUp(relative * magnitude + absolute + half);
    }
    return List.of(ErrorBound.perElement(errors));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return inferTypes(call).getFirst().shape().elementCount() * call.get(K);
  }
}
