package dev.fixpoint.op.quant;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Random;

/**
 * Random quantized tensors and parameters, with a liking for corners: odd and extreme zero points,
 * values at the ends of their type, scales that make ties.
 */
final class Draws {
  private static final ElementType[] BYTES = {ElementType.INT8, ElementType.UINT8};
  private static final Activation[] ACTIVATIONS = {
    Activation.NONE,
    new Activation.Relu(),
    new Activation.Clip(-0.5f, 1.25f),
    new Activation.LeakyRelu(0.125f),
    new Activation.HardSigmoid(0.2f, 0.5f),
    new Activation.HardSwish(),
    new Activation.Swish()
  };

  final Random random;

  Draws(long seed) {
    this.random = new Random(seed);
  }

  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  boolean maybe() {
    return random.nextBoolean();
  }

  ElementType bytes() {
    return BYTES[random.nextInt(2)];
  }

  Activation activation() {
    return ACTIVATIONS[random.nextInt(ACTIVATIONS.length)];
  }

  Attributes activated(Activation activation) {
    return activation.addTo(Attributes.NONE);
  }

  /** A scale; half of them a power of two, so that products meet ties. */
  float scale() {
    return maybe() ? Math.scalb(1f, between(-6, -1)) : 0.004f + random.nextFloat() / 8;
  }

  Tensor scales(int count) {
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = scale();
    }
    return Tensor.ofFloats(count == 1 && maybe() ? Shape.SCALAR : Shape.of(count), scales);
  }

  long zeroPoint(ElementType type) {
    long min = type.minInteger();
    long max = type.maxInteger();
    return switch (random.nextInt(5)) {
      case 0 -> min;
      case 1 -> min + 1;
      case 2 -> max;
      case 3 -> (min + max) / 2;
      default -> min + (long) (random.nextDouble() * (max - min));
    };
  }

  Tensor zeroPoints(ElementType type, int count) {
    long[] zeroPoints = new long[count];
    for (int i = 0; i < count; i++) {
      zeroPoints[i] = zeroPoint(type);
    }
    return Tensor.ofLongs(type, count == 1 ? Shape.SCALAR : Shape.of(count), zeroPoints);
  }

  Tensor integers(ElementType type, Shape shape) {
    long[] values = new long[(int) shape.elementCount()];
    long span = type.maxInteger() - type.minInteger() + 1;
    for (int i = 0; i < values.length; i++) {
      values[i] =
          random.nextInt(8) == 0
              ? (maybe() ? type.minInteger() : type.maxInteger())
              : type.minInteger() + (long) (random.nextDouble() * span);
    }
    return Tensor.ofLongs(type, shape, values);
  }

  Tensor biases(int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = between(-5000, 5000);
    }
    return Tensor.ofLongs(ElementType.INT32, Shape.of(count), values);
  }

  Tensor floats(Shape shape, double magnitude) {
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((random.nextDouble() * 2 - 1) * magnitude);
    }
    return Tensor.ofFloats(shape, values);
  }
}
