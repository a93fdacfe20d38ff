package dev.fixpoint.runtime.internal.simd;

/**
 * Weights of a float32 matrix product that are integers of few bits, in blocks that each have a
 * scale and a zero point.
 *
 * @param codes the integers column by column, each column filled up to whole blocks, packed from
 *     the lowest bits of a byte up
 * @param bits bits of an integer: 2, 4 or 8
 * @param blockSize integers that share a scale: a power of two from 16 on
 * @param columns number of output columns
 * @param depth weights of a column
 * @param scales scale of each block, column by column
 * @param zeros zero point of each block, column by column
 * @param bias bias of each column
 */
public record BlockedWeights(
    byte[] codes,
    int bits,
    int blockSize,
    int columns,
    int depth,
    float[] scales,
    float[] zeros,
    float[] bias) {

  /** Blocks of a column. */
  public int blocks() {
    return Math.ceilDiv(depth, blockSize);
  }

  /** Position of a block's scale and zero point. */
  public int block(int column, int index) {
    return column * blocks() + index / blockSize;
  }

  /** The integer of a weight. */
  public int code(int column, int index) {
    long position = (long) block(column, index) * blockSize + index % blockSize;
    int perByte = 8 / bits;
    int shift = (int) (position % perByte) * bits;
    return (codes[(int) (position / perByte)] >> shift) & ((1 << bits) - 1);
  }

  /** The weight of a column. */
  public float at(int column, int index) {
    int block = block(column, index);
    return (code(column, index) - zeros[block]) * scales[block];
  }
}
