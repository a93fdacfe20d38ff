package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Random constants of all kinds: dead channels, negative scales, equal and huge elements. */
final class TensorDraws {
  private static final double[] SPECIAL = {
    0, 1, -1, 2, 3, 6, 0.5, 0.1, 1e-5, -0.0, 0.044715, 1.702
  };

  private final SplittableRandom random;

  TensorDraws(SplittableRandom random) {
    this.random = random;
  }

  /** A constant of a static type. */
  Tensor draw(TensorType type, Fill fill) {
    ElementType element = type.elementType();
    Shape shape = type.shape();
    int count = Math.toIntExact(shape.elementCount());
    if (element.isFloat()) {
      double[] values = floats(count, channels(shape), fill);
      if (element.bits() <= 16) {
        Arrays.setAll(values, i -> Math.clamp(values[i], -2, 2));
      }
      return Tensor.ofDoubles(element, shape, values);
    }
    if (!element.isInteger() && element != ElementType.BOOL) {
      throw new RejectedDraw("no constants of type " + element.text());
    }
    return Tensor.ofLongs(element, shape, integers(element, count, fill));
  }

  private static int channels(Shape shape) {
    return shape.rank() == 0 ? 1 : Math.max(1, shape.intSize(0));
  }

  private double[] floats(int count, int channels, Fill fill) {
    return switch (fill) {
      case VARIANCE -> variances(count);
      case STEP -> steps(count);
      case FLAG -> random.doubles(count).map(Math::rint).toArray();
      default -> any(count, channels);
    };
  }

  private double[] any(int count, int channels) {
    int profile = random.nextInt(10);
    double equal =
        random.nextBoolean() ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextDouble(-2, 2);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      double uniform = random.nextDouble(-2, 2);
      values[i] =
          switch (profile) {
            case 0 -> equal;
            case 1 -> Math.abs(uniform) + 0x1p-4;
            case 2 -> random.nextInt(8) == 0 ? uniform : uniform * 0x1p-8;
            case 3 -> Math.rint(4 * uniform) / 4;
            case 4 -> uniform * 0x1p-20;
            case 5 -> uniform * 16;
            default -> uniform;
          };
    }
    if (count > 1 && random.nextInt(5) == 0) {
      kill(values, channels);
    }
    return values;
  }

  /** A dead channel: zeros along the first axis. */
  private void kill(double[] values, int channels) {
    int size = values.length / channels;
    int dead = random.nextInt(channels);
    for (int i = dead * size; i < (dead + 1) * size; i++) {
      values[i] = 0;
    }
  }

  private double[] variances(int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(16);
      values[i] = kind == 0 ? 0 : kind == 1 ? 1e-8 : random.nextDouble(0x1p-4, 3);
    }
    return values;
  }

  private double[] steps(int count) {
    double[] values = new double[count];
    int profile = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (profile) {
            case 0 -> Math.scalb(1.0, random.nextInt(-7, -2));
            case 1 -> random.nextDouble(0x1p-7, 0x1p-3);
            default -> random.nextInt(1, 8) * 0.0078125;
          };
    }
    return values;
  }

  private long[] integers(ElementType type, int count, Fill fill) {
    boolean bool = type == ElementType.BOOL;
    long min = bool ? 0 : type.minInteger();
    long max = bool ? 1 : type.maxInteger();
    long[] values = new long[count];
    long equal = integer(type, min, max, fill);
    boolean same = random.nextInt(4) == 0;
    for (int i = 0; i < count; i++) {
      values[i] = same ? equal : integer(type, min, max, fill);
    }
    return values;
  }

  private long integer(ElementType type, long min, long max, Fill fill) {
    return switch (fill) {
      case FLAG -> random.nextInt(2);
      case BIAS -> random.nextInt(-2000, 2001);
      case ZERO_POINT ->
          switch (random.nextInt(5)) {
            case 0 -> min;
            case 1 -> max;
            case 2 -> min + 1;
            case 3 -> min + (max - min) / 2 + 1;
            default -> 0;
          };
      default ->
          type.bits() <= 8
              ? random.nextLong(min, max + 1)
              : Math.clamp(random.nextLong(-8, 9), min, max);
    };
  }
}
