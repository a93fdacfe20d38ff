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

  /** Copies at least {@code count} elements; both arrays have a vector of slack beyond them. */
  void copy(A from, int at, A to, int target, int count);
}
