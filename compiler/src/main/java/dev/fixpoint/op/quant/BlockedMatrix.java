package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The right side of a MatMulNBits: columns of integers of few bits, in blocks that each have a
 * scale and a zero point.
 *
 * @param codes the integers column by column, each column filled up to whole blocks, packed from
 *     the lowest bits of a byte up
 * @param bits bits of an integer: 2, 4 or 8
 * @param blockSize integers that share a scale
 * @param columns number of columns
 * @param depth integers of a column
 * @param scales scale of each block, column by column
 * @param zeros zero point of each block, column by column
 */
public record BlockedMatrix(
    byte[] codes,
    int bits,
    int blockSize,
    int columns,
    int depth,
    double[] scales,
    double[] zeros) {

  /**
   * The right side of a call of MatMulNBits.
   *
   * @throws IllegalArgumentException if an input has another number of elements than the attributes
   *     say, or the attributes are not those of any such matrix
   */
  public static BlockedMatrix of(OpCall call) {
    int depth = call.attributes().getInt(MatMulNBits.K);
    int columns = call.attributes().getInt(MatMulNBits.N);
    int bits = call.attributes().getInt(MatMulNBits.BITS);
    int block = call.attributes().getInt(MatMulNBits.BLOCK_SIZE);
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
    return new BlockedMatrix(packed, bits, block, columns, depth, scales, zeros);
  }

  /** Blocks of a column. */
  public int blocks() {
    return Math.ceilDiv(depth, blockSize);
  }

  /** An integer of a column. */
  public int code(int column, int index) {
    long block = (long) column * blocks() + index / blockSize;
    return unpack(codes, block * blockSize + index % blockSize, bits);
  }

  /** The real number that an integer stands for. */
  public double at(int column, int index) {
    int block = column * blocks() + index / blockSize;
    return (code(column, index) - zeros[block]) * scales[block];
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
}
