package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.tensor.QuantParams.ParamIndex;
import dev.fixpoint.tensor.Shape;

/**
 * Which scale belongs to which element of a tensor: one for all, one for each index of an axis, or
 * one for each block along an axis (ONNX QuantizeLinear and DequantizeLinear, opsets 10, 13 and
 * 21).
 */
final class ParameterLayout {
  /** The axis along which scales differ; negative ones count from the end. */
  static final Attribute<Long> AXIS = Attribute.ofInt("axis", 1);

  /** Elements of the axis that share a scale; 0 where scales are not blocked. */
  static final Attribute<Long> BLOCK_SIZE = Attribute.ofInt("block_size", 0);

  private ParameterLayout() {}

  /** Whether scales of this shape mean one for the whole tensor. */
  static boolean isPerTensor(Shape scales, Attributes attributes) {
    return attributes.get(BLOCK_SIZE) == 0
        && scales.isStatic()
        && scales.rank() <= 1
        && scales.elementCount() == 1;
  }

  /**
   * The axis of a tensor of the given rank, 0 or more.
   *
   * @throws IllegalArgumentException if there is no such axis
   */
  static int axis(Attributes attributes, int rank) {
    long axis = attributes.get(AXIS);
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException("no axis " + axis + " in a tensor of rank " + rank);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /**
   * Maps each element of a tensor of static shape to its scale.
   *
   * @throws IllegalArgumentException if the scales do not fit the tensor
   */
  static ParamIndex of(Shape tensor, Shape scales, Attributes attributes) {
    if (isPerTensor(scales, attributes)) {
      return _ -> 0;
    }
    int axis = axis(attributes, tensor.rank());
    long size = tensor.size(axis);
    long inner = 1;
    for (int i = axis + 1; i < tensor.rank(); i++) {
      inner *= tensor.size(i);
    }
    long step = inner;
    long block = attributes.get(BLOCK_SIZE);
    if (block == 0) {
      require(scales.rank() == 1 && scales.size(0) == size, tensor, scales, axis);
      return flat -> (int) (flat / step % size);
    }
    if (block < 0) {
      throw new IllegalArgumentException("block_size is negative: " + block);
    }
    long blocks = Math.ceilDiv(size, block);
    requireBlocked(tensor, scales, axis, blocks);
    return flat -> {
      long along = flat / step % size;
      long outer = flat / (step * size);
      return (int) ((outer * blocks + along / block) * step + flat % step);
    };
  }

  private static void requireBlocked(Shape tensor, Shape scales, int axis, long blocks) {
    require(scales.rank() == tensor.rank(), tensor, scales, axis);
    for (int i = 0; i < tensor.rank(); i++) {
      require(scales.size(i) == (i == axis ? blocks : tensor.size(i)), tensor, scales, axis);
    }
  }

  private static void require(boolean fits, Shape tensor, Shape scales, int axis) {
    if (!fits) {
      throw new IllegalArgumentException(
          "scales of shape " + scales + " do not fit a tensor " + tensor + " along axis " + axis);
    }
  }
}
