package dev.fixpoint.runtime.internal.plan;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A constant matrix of integers behind a DequantizeLinear as MatMulNBits has it: column by column,
 * in blocks along the depth, none of the integers negative. One scale for all, or for a column, is
 * one of every block of it.
 *
 * @param codes the integers as they are stored
 * @param given scales as they are stored
 * @param offsets zero points as they are stored, or null
 * @param transposed whether columns are stored one after the other
 * @param step scale positions from one column to the next
 * @param blockStep scale positions from one block to the next
 * @param blockSize integers that share a scale
 */
record CodedMatrix(
    Tensor codes,
    Tensor given,
    @Nullable Tensor offsets,
    boolean transposed,
    int step,
    int blockStep,
    int blockSize) {
  private static final int SMALLEST_BLOCK = 16;
  private static final int LARGEST_DEPTH = 1 << 30;

  /** The matrix that a node makes; null where it has no such form. */
  static @Nullable CodedMatrix of(Graph graph, Node dequantizer, boolean transposed) {
    Tensor codes = graph.constant(dequantizer.input(0));
    Tensor scales = graph.constant(dequantizer.input(1));
    Tensor zeros = dequantizer.hasInput(2) ? graph.constant(dequantizer.input(2)) : null;
    if (codes == null
        || scales == null
        || (zeros == null && dequantizer.hasInput(2))
        || scales.elementType() != ElementType.FLOAT
        || codes.shape().rank() != 2
        || codes.elementCount() == 0
        || !isSmall(codes.elementType())) {
      return null;
    }
    int depthAxis = transposed ? 1 : 0;
    int columns = codes.shape().intSize(1 - depthAxis);
    int depth = codes.shape().intSize(depthAxis);
    int axis = (int) Math.floorMod(dequantizer.get(QuantizeLinear.AXIS), 2L);
    long block = dequantizer.get(QuantizeLinear.BLOCK_SIZE);
    int whole = Math.max(SMALLEST_BLOCK, Integer.highestOneBit(2 * depth - 1));
    if (depth > LARGEST_DEPTH) {
      return null;
    }
    if (scales.elementCount() == 1 && block == 0) {
      return new CodedMatrix(codes, scales, zeros, transposed, 0, 0, whole);
    }
    if (block == 0) {
      return axis != depthAxis
          ? new CodedMatrix(codes, scales, zeros, transposed, 1, 0, whole)
          : null;
    }
    boolean fits = axis == depthAxis && block >= SMALLEST_BLOCK && Long.bitCount(block) == 1;
    if (!fits || block > whole) {
      return null;
    }
    int blocks = Math.ceilDiv(depth, (int) block);
    int step = transposed ? blocks : 1;
    return new CodedMatrix(
        codes, scales, zeros, transposed, step, transposed ? 1 : columns, (int) block);
  }

  private static boolean isSmall(ElementType type) {
    return type.isInteger() && (type.bits() == 2 || type.bits() == 4 || type.bits() == 8);
  }

  int bits() {
    return codes.elementType().bits();
  }

  int columns() {
    return codes.shape().intSize(transposed ? 0 : 1);
  }

  int depth() {
    return codes.shape().intSize(transposed ? 1 : 0);
  }

  private int blocks() {
    return Math.ceilDiv(depth(), blockSize);
  }

  /** What is added to an integer so that it is not negative. */
  private int shift() {
    return codes.elementType().isSigned() ? 1 << (bits() - 1) : 0;
  }

  /** The integers: uint8 [columns, blocks, bytes of a block]. */
  Tensor packed() {
    long[] stored = codes.toLongs();
    int perByte = 8 / bits();
    int length = blocks() * blockSize;
    byte[] bytes = new byte[Math.multiplyExact(columns(), length / perByte)];
    for (int c = 0; c < columns(); c++) {
      for (int k = 0; k < depth(); k++) {
        long code = stored[transposed ? c * depth() + k : k * columns() + c] + shift();
        bytes[(int) (((long) c * length + k) / perByte)] |= (byte) (code << k % perByte * bits());
      }
    }
    Shape shape = Shape.of(columns(), blocks(), blockSize / perByte);
    return Tensor.ofBytes(ElementType.UINT8, shape, bytes);
  }

  /** The scales: float32, one for each block of each column. */
  Tensor scales() {
    return spread(given, 0);
  }

  /** The zero points as float32, one for each block; null where they are the operator's own. */
  @Nullable Tensor zeros() {
    if (offsets != null) {
      return spread(offsets, shift());
    }
    return shift() != 0 ? null : Tensor.ofFloats(Shape.of((long) columns() * blocks()), none());
  }

  private float[] none() {
    return new float[columns() * blocks()];
  }

  private Tensor spread(Tensor stored, int plus) {
    float[] all = stored.elementType() == ElementType.FLOAT ? stored.toFloats() : floats(stored);
    float[] each = none();
    for (int c = 0; c < columns(); c++) {
      for (int b = 0; b < blocks(); b++) {
        each[c * blocks() + b] = all[all.length == 1 ? 0 : c * step + b * blockStep] + plus;
      }
    }
    return Tensor.ofFloats(Shape.of(each.length), each);
  }

  private static float[] floats(Tensor integers) {
    long[] values = integers.toLongs();
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }
}
