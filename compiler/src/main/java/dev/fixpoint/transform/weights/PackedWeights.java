package dev.fixpoint.transform.weights;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.quantize.WeightedOperator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blocked weights in the layout of ONNX Runtime's MatMulNBits: for each output channel its blocks
 * one after the other, each filled up with zeros, two elements of 4 bits a byte from the lowest
 * bits up; signed elements with half of the range added, which is the operator's own zero point.
 *
 * @param graph the graph
 * @param dequantizer the DequantizeLinear that makes the weights
 * @param matrix its form
 * @param blockSize inputs that share a scale
 */
record PackedWeights(GraphView graph, Node dequantizer, WeightMatrix matrix, int blockSize) {
  private static final int SMALLEST_BLOCK = 16;

  /** The packed weights of a product; null where they have no such layout. */
  static @Nullable PackedWeights of(GraphView graph, Node node, Node dequantizer) {
    Tensor codes = graph.constant(dequantizer.input(0));
    if (codes == null || WeightedOperator.isConvolution(node) || codes.shape().rank() != 2) {
      return null;
    }
    WeightMatrix matrix = WeightMatrix.of(node, codes.shape()).orElse(null);
    long block = dequantizer.get(QuantizeLinear.BLOCK_SIZE);
    ElementType type = codes.elementType();
    boolean fits =
        matrix != null
            && type.isInteger()
            && (type.bits() == 4 || type.bits() == 8)
            && block >= SMALLEST_BLOCK
            && Long.bitCount(block) == 1
            && Math.floorMod(dequantizer.get(QuantizeLinear.AXIS), 2L) == matrix.inputAxis()
            && isFloatConstant(graph, dequantizer.input(1));
    return fits && matrix != null
        ? new PackedWeights(graph, dequantizer, matrix, (int) block)
        : null;
  }

  private static boolean isFloatConstant(GraphView graph, Value value) {
    Tensor constant = graph.constant(value);
    return constant != null && constant.elementType() == ElementType.FLOAT;
  }

  private Tensor constant(int input) {
    Tensor constant = graph.constant(dequantizer.input(input));
    if (constant == null) {
      throw new IllegalArgumentException(dequantizer.describe() + " reads a computed value");
    }
    return constant;
  }

  /** Bits of an element. */
  int bits() {
    return constant(0).elementType().bits();
  }

  private int blocks() {
    return Math.ceilDiv(matrix.columns(), blockSize);
  }

  /** What is added to a code so that it is not negative. */
  private long shift() {
    return constant(0).elementType().isSigned() ? 1L << (bits() - 1) : 0;
  }

  /** The elements: uint8 [rows, blocks, bytes of a block]. */
  Tensor packedCodes() {
    long[] codes = constant(0).toLongs();
    int bytesPerBlock = blockSize * bits() / 8;
    byte[] packed = new byte[matrix.rows() * blocks() * bytesPerBlock];
    int perByte = 8 / bits();
    for (int row = 0; row < matrix.rows(); row++) {
      for (int k = 0; k < blocks() * blockSize; k++) {
        long code = k < matrix.columns() ? codes[matrix.position(row, k)] + shift() : shift();
        int at = row * blocks() * blockSize + k;
        packed[at / perByte] |= (byte) (code << (at % perByte * bits()));
      }
    }
    return Tensor.ofBytes(
        ElementType.UINT8, Shape.of(matrix.rows(), blocks(), bytesPerBlock), packed);
  }

  /** The scales: float32, one for each block of each row. */
  Tensor rowScales() {
    float[] stored = constant(1).toFloats();
    float[] scales = new float[stored.length];
    for (int row = 0; row < matrix.rows(); row++) {
      for (int block = 0; block < blocks(); block++) {
        scales[row * blocks() + block] = stored[blockPosition(row, block)];
      }
    }
    return Tensor.ofFloats(Shape.of(scales.length), scales);
  }

  private int blockPosition(int row, int block) {
    return matrix.transposed() ? block * matrix.rows() + row : row * blocks() + block;
  }

  /** The zero points packed as the elements are; null where the operator's own is meant. */
  @Nullable Tensor packedZeros() {
    if (shift() != 0 && !dequantizer.hasInput(2)) {
      return null;
    }
    long[] stored =
        dequantizer.hasInput(2) ? constant(2).toLongs() : new long[matrix.rows() * blocks()];
    int rowBytes = Math.ceilDiv(blocks() * bits(), 8);
    byte[] packed = new byte[matrix.rows() * rowBytes];
    int perByte = 8 / bits();
    for (int row = 0; row < matrix.rows(); row++) {
      for (int block = 0; block < blocks(); block++) {
        long zero = stored[blockPosition(row, block)] + shift();
        packed[row * rowBytes + block / perByte] |= (byte) (zero << (block % perByte * bits()));
      }
    }
    return Tensor.ofBytes(ElementType.UINT8, Shape.of(packed.length), packed);
  }

  /** The bias as a vector. */
  Tensor bias(Value value) {
    Tensor given = graph.constant(value);
    if (given == null) {
      throw new IllegalArgumentException("'" + value.name() + "' is not constant");
    }
    return Tensor.ofFloats(Shape.of(matrix.rows()), given.toFloats());
  }

  /** The numbers that the operator computes with: those of the weights before their rounding. */
  double[] exact() {
    double[] exact = constant(0).toDoubles();
    double[] scales = constant(1).toDoubles();
    double[] zeros = dequantizer.hasInput(2) ? constant(2).toDoubles() : new double[scales.length];
    int[] of = new Blocks(matrix, blockSize).ofElements();
    for (int i = 0; i < exact.length; i++) {
      exact[i] = (exact[i] - zeros[of[i]]) * scales[of[i]];
    }
    return exact;
  }

  /** The numbers that the weights mean. */
  Tensor reals() {
    List<@Nullable Tensor> inputs = new ArrayList<>();
    for (Value input : dequantizer.inputs()) {
      inputs.add(input == null ? null : graph.constant(input));
    }
    return ReferenceInterpreter.evaluate(dequantizer, inputs).getFirst();
  }
}
