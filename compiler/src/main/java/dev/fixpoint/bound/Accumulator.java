package dev.fixpoint.bound;

/**
 * The overflow certificate of an integer dot product: the largest magnitude that a sum of products
 * plus bias can reach, for one output channel.
 *
 * @param magnitude {@code Σ|w| · max|x - zeroPoint| + |bias|}, exact in a long
 */
public record Accumulator(long magnitude) {
  private static final long FLOAT_EXACT = 1L << 24;

  /**
   * The certificate of a channel.
   *
   * @param absoluteWeightSum {@code Σ|w - weight zero point|} of the channel
   * @param inputMagnitude largest {@code |x - zeroPoint|}
   * @param bias bias in accumulator steps
   * @throws ArithmeticException if the magnitude does not even fit a long
   */
  public static Accumulator of(long absoluteWeightSum, long inputMagnitude, long bias) {
    long product = Math.multiplyExact(absoluteWeightSum, inputMagnitude);
    return new Accumulator(Math.addExact(product, Math.absExact(bias)));
  }

  /** Whether every sum fits a signed 32-bit integer. */
  public boolean fitsInt32() {
    return magnitude <= Integer.MAX_VALUE;
  }

  /** Whether every partial sum, in any order, is exact in float32. */
  public boolean fitsFloat() {
    return magnitude <= FLOAT_EXACT;
  }
}
