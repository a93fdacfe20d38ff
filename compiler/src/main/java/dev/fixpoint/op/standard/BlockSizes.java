package dev.fixpoint.op.standard;

import dev.fixpoint.op.Affine;
import dev.fixpoint.tensor.Dimension;

/** Dimensions that blocks multiply or divide, as far as known. */
final class BlockSizes {
  private BlockSizes() {}

  static Dimension multiplied(Dimension dimension, long factor) {
    Affine size = Axes.affine(dimension);
    return size == null ? Dimension.UNKNOWN : size.times(factor).dimension();
  }

  static Dimension divided(Dimension dimension, long divisor) {
    if (!(dimension instanceof Dimension.Fixed fixed)) {
      return divisor == 1 ? dimension : Dimension.UNKNOWN;
    }
    if (fixed.size() % divisor != 0) {
      throw new IllegalArgumentException(fixed.size() + " is not a multiple of " + divisor);
    }
    return Dimension.of(fixed.size() / divisor);
  }
}
