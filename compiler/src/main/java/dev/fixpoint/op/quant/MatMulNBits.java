package dev.fixpoint.op.quant;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    int depth = call.attributes().getInt(K);
    int columns = call.attributes().getInt(N);
    double[] weights = weights(call, depth, columns);
    Tensor biasTensor = call.constant(5);
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

  /** The weights {@code [N, K]} as real numbers. */
  private static double[] weights(OpCall call, int depth, int columns) {
    int bits = call.attributes().getInt(BITS);
    int block = call.attributes().getInt(BLOCK_SIZE);
    if ((bits != 2 && bits != 4 && bits != 8) || block < 16 || Integer.bitCount(block) != 1) {
      throw new IllegalArgumentException(
          "bits must be 2, 4 or 8 and block_size a power of two from 16 on, not "
              + bits
              + " and "
              + block);
    }
    int blocks = Math.ceilDiv(depth, block);
    byte[] packed = bytes(call.tensor(1));
    double[] scales = call.tensor(2).toDoubles();
    requireCount("B", packed.length, (long) columns * blocks * block * bits / 8);
    requireCount("scales", scales.length, (long) columns * blocks);
    double[] zeros = zeroPoints(call.constant(3), bits, columns, blocks);
    double[] weights = new double[Math.multiplyExact(columns, depth)];
    for (int n = 0; n < columns; n++) {
      for (int k = 0; k < depth; k++) {
        int of = n * blocks + k / block;
        long position = (long) of * block + k % block;
        weights[n * depth + k] = (unpack(packed, position, bits) - zeros[of]) * scales[of];
      }
    }
    return weights;
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.elementType().bits() == 8
        ? tensor.toBytes()
        : tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }

  private static double[] zeroPoints(@Nullable Tensor given, int bits, int columns, int blocks) {
    double[] zeros = new double[columns * blocks];
    if (given == null) {
      Arrays.fill(zeros, 1 << (bits - 1));
      return zeros;
    }
    if (given.elementType() != ElementType.UINT8) {
      requireCount("zero_points", given.elementCount(), zeros.length);
      return given.toDoubles();
    }
    byte[] packed = given.toBytes();
    int rowBytes = Math.ceilDiv(blocks * bits, 8);
    requireCount("zero_points", packed.length, (long) columns * rowBytes);
    for (int i = 0; i < zeros.length; i++) {
      long position = (long) (i / blocks) * rowBytes * (8 / bits) + i % blocks;
      zeros[i] = unpack(packed, position, bits);
    }
    return zeros;
  }

  private static int unpack(byte[] packed, long position, int bits) {
    int perByte = 8 / bits;
    int shift = (int) (position % perByte) * bits;
    return (packed[(int) (position / perByte)] >> shift) & ((1 << bits) - 1);
  }

  private static void requireCount(String name, long count, long expected) {
    if (count != expected) {
      throw new IllegalArgumentException(
          name + " has " + count + " elements, but " + expected + " are needed");
    }
  }

  /** Another order of the sum moves it by its roundings, for which no bound is stated. */
  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    return List.of(ErrorBound.unbounded("no rounding bound is stated for " + id()));
  }

  @Override
  public long multiplyAccumulates(OpCall call) {
    return inferTypes(call).getFirst().shape().elementCount() * call.get(K);
  }
}
