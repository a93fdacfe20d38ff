package dev.fixpoint.op.standard;

import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Moves the elements of tensors by position, for every element type: bits are copied as they are,
 * and never read as numbers.
 */
final class Elements {
  /** The position that means the filler rather than an element. */
  static final int FILLER = -1;

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private Elements() {}

  /**
   * The tensor of the given shape whose element i is element {@code positions[i]} of the source.
   */
  static Tensor gather(Tensor source, Shape shape, int[] positions) {
    return gather(source, shape, positions, null);
  }

  /**
   * As {@link #gather(Tensor, Shape, int[])}; a position of {@link #FILLER} takes the only element
   * of the filler, or zero bits (an empty string) where that is null.
   */
  static Tensor gather(Tensor source, Shape shape, int[] positions, @Nullable Tensor filler) {
    if (shape.elementCount() != positions.length) {
      throw new IllegalArgumentException(
          positions.length + " positions do not fill a tensor of shape " + shape);
    }
    if (filler != null
        && (filler.elementCount() != 1 || filler.elementType() != source.elementType())) {
      throw new IllegalArgumentException("cannot fill " + source.type() + " with " + filler);
    }
    TensorType type = source.type().withShape(shape);
    if (source.elementType() == ElementType.STRING) {
      return gatherStrings(source, shape, positions, filler);
    }
    if (source.elementType().bits() < 8) {
      return gatherBits(source, shape, positions, filler);
    }
    int width = source.elementType().bits() / 8;
    byte[] bytes = new byte[Math.multiplyExact(positions.length, width)];
    MemorySegment target = MemorySegment.ofArray(bytes);
    copy(source.data(), target, positions, width);
    if (filler != null) {
      for (int i = 0; i < positions.length; i++) {
        if (positions[i] == FILLER) {
          MemorySegment.copy(filler.data(), 0, target, (long) i * width, width);
        }
      }
    }
    return Tensor.of(type, target);
  }

  private static void copy(MemorySegment from, MemorySegment to, int[] positions, int width) {
    for (int i = 0; i < positions.length; i++) {
      long position = positions[i];
      if (position == FILLER) {
        continue;
      }
      switch (width) {
        case 1 -> to.set(ValueLayout.JAVA_BYTE, i, from.get(ValueLayout.JAVA_BYTE, position));
        case 2 -> to.set(SHORT, 2L * i, from.get(SHORT, 2 * position));
        case 4 -> to.set(INT, 4L * i, from.get(INT, 4 * position));
        case 8 -> to.set(LONG, 8L * i, from.get(LONG, 8 * position));
        default -> MemorySegment.copy(from, width * position, to, (long) width * i, width);
      }
    }
  }

  private static Tensor gatherBits(
      Tensor source, Shape shape, int[] positions, @Nullable Tensor filler) {
    long[] bits = new long[positions.length];
    for (int i = 0; i < bits.length; i++) {
      if (positions[i] != FILLER) {
        bits[i] = source.bitsAt(positions[i]);
      } else if (filler != null) {
        bits[i] = filler.bitsAt(0);
      }
    }
    return Tensor.ofBits(source.elementType(), shape, bits);
  }

  private static Tensor gatherStrings(
      Tensor source, Shape shape, int[] positions, @Nullable Tensor filler) {
    List<String> from = source.strings();
    List<String> strings = new ArrayList<>(positions.length);
    for (int position : positions) {
      if (position != FILLER) {
        strings.add(from.get(position));
      } else {
        strings.add(filler == null ? "" : filler.strings().getFirst());
      }
    }
    return Tensor.ofStrings(shape, strings);
  }

  /** The elements of several tensors of one type after each other, as a vector. */
  static Tensor chained(List<Tensor> tensors) {
    ElementType type = tensors.getFirst().elementType();
    long count = 0;
    for (Tensor tensor : tensors) {
      if (tensor.elementType() != type) {
        throw new IllegalArgumentException(
            "cannot join " + type.text() + " with " + tensor.elementType().text());
      }
      count = Math.addExact(count, tensor.elementCount());
    }
    Shape shape = Shape.of(Math.toIntExact(count));
    if (type == ElementType.STRING) {
      return Tensor.ofStrings(shape, tensors.stream().flatMap(t -> t.strings().stream()).toList());
    }
    if (type.bits() < 8) {
      return Tensor.ofBits(type, shape, tensors.stream().flatMapToLong(Elements::bits).toArray());
    }
    MemorySegment target = MemorySegment.ofArray(new byte[Math.toIntExact(type.bytes(count))]);
    long offset = 0;
    for (Tensor tensor : tensors) {
      MemorySegment.copy(tensor.data(), 0, target, offset, tensor.data().byteSize());
      offset += tensor.data().byteSize();
    }
    return Tensor.of(new TensorType(type, shape), target);
  }

  private static LongStream bits(Tensor tensor) {
    return LongStream.range(0, tensor.elementCount()).map(tensor::bitsAt);
  }

  /** The distance in row-major order of neighbours along each axis. */
  static int[] strides(int[] sizes) {
    int[] strides = new int[sizes.length];
    int stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride = Math.multiplyExact(stride, Math.max(sizes[axis], 1));
    }
    return strides;
  }

  /** The numbers {@code 0, step, 2 step, …}, as many as asked for. */
  static int[] steps(int count, int step) {
    int[] steps = new int[count];
    for (int i = 0; i < count; i++) {
      steps[i] = i * step;
    }
    return steps;
  }

  /**
   * The positions of a map that treats each axis on its own: {@code offsets[axis][index]} is what
   * an output index on an axis adds to the position in the source, or {@link #FILLER}, which makes
   * every element with that index the filler.
   */
  static int[] positions(int[][] offsets) {
    int count = 1;
    for (int[] axis : offsets) {
      count = Math.multiplyExact(count, axis.length);
    }
    int[] positions = new int[count];
    int filled = 1;
    for (int k = 0; k < offsets.length && count > 0; k++) {
      filled = refine(positions, filled, offsets[k]);
    }
    return positions;
  }

  /** Replaces the first {@code filled} positions by their sums with each offset, in order. */
  private static int refine(int[] positions, int filled, int[] offsets) {
    int size = offsets.length;
    for (int i = filled - 1; i >= 0; i--) {
      int base = positions[i];
      for (int j = size - 1; j >= 0; j--) {
        int offset = offsets[j];
        positions[i * size + j] = base == FILLER || offset == FILLER ? FILLER : base + offset;
      }
    }
    return filled * size;
  }
}
