package dev.fixpoint.runtime.internal.op;

import dev.fixpoint.runtime.kernel.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How integers of 16 bits, less their zero point, are written as {@code Σ part_i · 2^(bits · i)},
 * so that sums of products of a part with 8-bit weights are exact in float32: below 2^24 in every
 * order.
 *
 * @param count number of parts
 * @param bits bits of a part; the last has the sign
 */
record WideParts(int count, int bits) {
  /** Bits of a difference of two 16-bit integers. */
  static final int WIDEST = 17;

  private static final long EXACT = 1L << 24;

  /**
   * The fewest parts that keep sums exact; null where even single bits would not.
   *
   * @param magnitude largest sum of magnitudes of the weights of an output channel
   * @param width bits of the integers, the sign among them
   */
  static @Nullable WideParts of(long magnitude, int width) {
    for (int count = 1; count <= width; count++) {
      WideParts parts = new WideParts(count, Math.ceilDiv(width, count));
      long largest = count == 1 ? 1L << (width - 1) : (1L << parts.bits) - 1;
      if (magnitude <= EXACT / largest) {
        return parts;
      }
    }
    return null;
  }

  /**
   * The fewest parts of both sides of a product that keep sums of so many products exact; null
   * where there are none.
   */
  static @Nullable WideParts ofBoth(int depth) {
    for (int count = 2; count <= WIDEST; count++) {
      WideParts parts = new WideParts(count, Math.ceilDiv(WIDEST, count));
      long largest = (1L << parts.bits) - 1;
      if (depth <= EXACT / (largest * largest)) {
        return parts;
      }
    }
    return null;
  }

  /** The arrays of buffers, one for each part. */
  static float[][] arrays(List<Buffer> buffers) {
    return buffers.stream().map(Buffer::floats).toArray(float[][]::new);
  }

  /** Writes the parts of an integer at one position of each array. */
  void split(int value, float[][] arrays, int at) {
    int rest = value;
    int mask = (1 << bits) - 1;
    for (int i = 0; i < count - 1; i++) {
      arrays[i][at] = rest & mask;
      rest >>= bits;
    }
    arrays[count - 1][at] = rest;
  }

  /** The integer whose parts were multiplied and summed into one position of each array. */
  long joined(float[][] arrays, int at) {
    long sum = (long) arrays[count - 1][at];
    for (int i = count - 2; i >= 0; i--) {
      sum = (sum << bits) + (long) arrays[i][at];
    }
    return sum;
  }
}
