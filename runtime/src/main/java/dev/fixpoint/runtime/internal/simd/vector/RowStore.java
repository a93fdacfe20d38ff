package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a left matrix are kept for the tiles that read them.
 *
 * @param <A> array of their elements
 */
interface RowStore<A> {
  /** Bytes of an element. */
  int elementBytes();

  /** Elements that a tile takes at once; runs of neighbouring elements are a multiple of it. */
  int grain();

  /** The array in which rows of an input may be read as they are, or null. */
  @Nullable A direct(Buffer x);

  /** An array of at least the given length. */
  A array(Scratch scratch, int slot, int length);

  /** Converts a run of elements of the input; {@code from} counts from its first element. */
  void load(Buffer x, int from, int count, A to, int at);

  /** Repeats the value of padding. */
  void fill(A to, int from, int end, float padding);

  /**
   * Gathers patches, one behind the other, by whole vectors that overlap what is written next; both
   * arrays have a vector of slack.
   *
   * @param offsets where in the rows each patch begins
   * @param shifts distances of its stretches from there
   * @param length elements of a stretch
   */
  void gather(A rows, int[] offsets, int count, int[] shifts, int length, A patches);
}
