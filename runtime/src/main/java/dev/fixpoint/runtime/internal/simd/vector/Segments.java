package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.kernel.Scratch;
import java.lang.foreign.MemorySegment;

/**
 * The arrays of one thread's scratch memory as machine code takes them. Segments are objects, so
 * that those of the last arrays are kept.
 */
final class Segments {
  private static final long KEY = Slots.nextStart();
  private static final int KEPT = 16;

  private final Object[] arrays = new Object[KEPT];
  private final MemorySegment[] segments = new MemorySegment[KEPT];
  private int next;

  private Segments() {}

  /** The segments that are kept in some scratch memory. */
  static Segments of(Scratch scratch) {
    if (scratch.kept(KEY) instanceof Segments known) {
      return known;
    }
    Segments made = new Segments();
    scratch.keep(KEY, made);
    return made;
  }

  /** An array of floats. */
  MemorySegment of(float[] array) {
    int place = find(array);
    return place < 0 ? keep(array, MemorySegment.ofArray(array)) : segments[place];
  }

  /** An array of ints. */
  MemorySegment of(int[] array) {
    int place = find(array);
    return place < 0 ? keep(array, MemorySegment.ofArray(array)) : segments[place];
  }

  /** An array of shorts. */
  MemorySegment of(short[] array) {
    int place = find(array);
    return place < 0 ? keep(array, MemorySegment.ofArray(array)) : segments[place];
  }

  /** An array of bytes. */
  MemorySegment of(byte[] array) {
    int place = find(array);
    return place < 0 ? keep(array, MemorySegment.ofArray(array)) : segments[place];
  }

  @SuppressWarnings("ReferenceEquality") // the same array is meant, not one that looks alike
  private int find(Object array) {
    for (int i = 0; i < KEPT; i++) {
      if (arrays[i] == array) {
        return i;
      }
    }
    return -1;
  }

  private MemorySegment keep(Object array, MemorySegment segment) {
    arrays[next] = array;
    segments[next] = segment;
    next = (next + 1) % KEPT;
    return segment;
  }
}
