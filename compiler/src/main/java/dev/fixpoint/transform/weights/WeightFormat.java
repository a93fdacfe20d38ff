package dev.fixpoint.transform.weights;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.EnumSet;
import java.util.Set;

/**
 * How weights are stored: the type of their elements, and how many inputs of an output channel
 * share a scale. float16 and bfloat16 have no scale.
 *
 * @param type int8, uint8, int4, uint4, float8e4m3fn, float8e5m2, float4e2m1, float16 or bfloat16
 * @param blockSize elements of the input axis that share a scale; 0 for one scale for each output
 *     channel
 */
public record WeightFormat(ElementType type, int blockSize) {
  private static final Set<ElementType> TYPES =
      EnumSet.of(
          ElementType.INT8,
          ElementType.UINT8,
          ElementType.INT4,
          ElementType.UINT4,
          ElementType.FLOAT8E4M3FN,
          ElementType.FLOAT8E5M2,
          ElementType.FLOAT4E2M1,
          ElementType.FLOAT16,
          ElementType.BFLOAT16);

  /** Refuses other types and negative sizes. */
  public WeightFormat {
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "weights are stored as one of " + TYPES + ", not as " + type.text());
    }
    if (blockSize < 0 || blockSize > 0 && type.bits() == 16) {
      throw new IllegalArgumentException(
          "no blocks of " + blockSize + " elements for " + type.text());
    }
  }

  /** Whether elements are stored as they are, rounded to a narrower float, without a scale. */
  public boolean isScaleless() {
    return type.bits() == 16;
  }

  /** Whether zero points are chosen by the weights; other formats are symmetric around zero. */
  public boolean hasZeroPoints() {
    return type == ElementType.UINT8 || type == ElementType.UINT4;
  }

  /** The largest number of the grid: what the largest magnitude of a block becomes. */
  double largest() {
    return switch (type) {
      case FLOAT8E4M3FN -> 448;
      case FLOAT8E5M2 -> 57344;
      case FLOAT4E2M1 -> 6;
      default -> type.maxInteger();
    };
  }

  /** The number of the grid that is nearest, half to even; the ends where it lies beyond. */
  double nearest(double value) {
    return type.isInteger()
        ? Math.clamp(Math.rint(value), type.minInteger(), type.maxInteger())
        : Tensor.ofDoublesSaturating(type, Shape.SCALAR, value).doubleAt(0);
  }

  @Override
  public String toString() {
    return type.text() + (blockSize == 0 ? "" : " in blocks of " + blockSize);
  }
}
