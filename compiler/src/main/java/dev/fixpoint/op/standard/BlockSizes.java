package dev.fixpoint.op.standard;

import dev.fixpoint.op.Affine;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Sizes that other inputs give, and dimensions that blocks multiply or divide, as far as known. */
final class BlockSizes {
  private BlockSizes() {}

  /** What is known of the entries of an input that describes a shape: a constant, or a value. */
  static @Nullable ShapeValue entries(OpCall call, int input) {
    Tensor constant = call.constant(input);
    return constant == null ? call.shapeValue(input) : ShapeValue.ofTensor(constant);
  }

  /** The edge of blocks of neighbours, checked. */
  static long edge(long blocksize) {
    if (blocksize < 1 || blocksize > Short.MAX_VALUE) {
      throw new IllegalArgumentException("attribute 'blocksize' cannot be " + blocksize);
    }
    return blocksize;
  }

  /** Whether a mode has the channels before the blocks' positions: CRD, not DCR. */
  static boolean isByColumn(String mode) {
    if (!mode.equals("DCR") && !mode.equals("CRD")) {
      throw new IllegalArgumentException("there is no mode '" + mode + "'");
    }
    return mode.equals("CRD");
  }

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
