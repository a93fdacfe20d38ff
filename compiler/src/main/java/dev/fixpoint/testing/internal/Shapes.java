package dev.fixpoint.testing.internal;

import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Random small shapes. */
final class Shapes {
  private static final int[] RANKS = {0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 4, 5};

  private Shapes() {}

  /** Any shape; rank 4 is the likeliest. */
  static Shape any(SplittableRandom random) {
    return ofRank(RANKS[random.nextInt(RANKS.length)], random);
  }

  /** A shape of at least a rank. */
  static Shape atLeast(int rank, SplittableRandom random) {
    return ofRank(Math.max(rank, RANKS[random.nextInt(RANKS.length)]), random);
  }

  /** A shape of a rank with sizes from 1 to 4. */
  static Shape ofRank(int rank, SplittableRandom random) {
    long[] sizes = new long[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = 1 + (i == 0 && rank > 1 ? random.nextInt(2) : random.nextInt(4));
    }
    return Shape.of(sizes);
  }

  /** A shape that broadcasts to another one: the same, a scalar, by channel, with ones. */
  static Shape broadcasting(Shape shape, SplittableRandom random) {
    int rank = shape.rank();
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> shape;
      case 4 -> Shape.SCALAR;
      case 5 -> rank == 0 ? shape : Shape.of(1);
      case 6, 7 -> byChannel(shape, random);
      default -> withOnes(shape, random);
    };
  }

  private static Shape byChannel(Shape shape, SplittableRandom random) {
    if (shape.rank() < 2) {
      return shape;
    }
    boolean short1 = random.nextBoolean();
    long[] sizes = new long[shape.rank() - (short1 ? 1 : 0)];
    Arrays.fill(sizes, 1);
    sizes[short1 ? 0 : 1] = shape.size(1);
    return Shape.of(sizes);
  }

  private static Shape withOnes(Shape shape, SplittableRandom random) {
    List<Long> sizes = new ArrayList<>();
    int first = random.nextInt(shape.rank() + 1);
    for (int i = first; i < shape.rank(); i++) {
      sizes.add(random.nextBoolean() ? 1 : shape.size(i));
    }
    return of(sizes);
  }

  static Shape of(List<Long> sizes) {
    return Shape.of(sizes.stream().mapToLong(v -> v).toArray());
  }

  /** The shape of some tensors broadcast together. */
  static Shape joint(List<Shape> shapes) {
    try {
      return Broadcasting.shape(shapes);
    } catch (IllegalArgumentException e) {
      throw new RejectedDraw(String.valueOf(e.getMessage()));
    }
  }

  /** A shape with as many elements as another one, in other sizes. */
  static Shape refactored(Shape shape, SplittableRandom random) {
    long rest = shape.elementCount();
    List<Long> sizes = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0 && rest > 0; i--) {
      long divisor = divisor(rest, random);
      sizes.add(divisor);
      rest /= divisor;
    }
    sizes.add(random.nextInt(sizes.size() + 1), rest);
    return of(sizes);
  }

  /** A divisor of a number. */
  static long divisor(long number, SplittableRandom random) {
    List<Long> divisors = new ArrayList<>();
    for (long d = 1; d <= Math.min(number, 4096); d++) {
      if (number % d == 0) {
        divisors.add(d);
      }
    }
    return divisors.isEmpty() ? 1 : divisors.get(random.nextInt(divisors.size()));
  }

  /** Another way to name an axis: half of the time from the end. */
  static long axis(int axis, int rank, SplittableRandom random) {
    return random.nextBoolean() ? axis : axis - rank;
  }

  /** An axis of a rank. */
  static long anyAxis(int rank, SplittableRandom random) {
    if (rank == 0) {
      throw new RejectedDraw("a scalar has no axis");
    }
    return axis(random.nextInt(rank), rank, random);
  }

  /** Some axes of a rank, at least one, as ONNX passes them. */
  static Tensor axes(int rank, SplittableRandom random) {
    List<Long> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      if (random.nextInt(3) == 0) {
        axes.add(axis(i, rank, random));
      }
    }
    if (axes.isEmpty()) {
      axes.add(anyAxis(rank, random));
    }
    return Tensor.vector(axes.stream().mapToLong(v -> v).toArray());
  }
}
