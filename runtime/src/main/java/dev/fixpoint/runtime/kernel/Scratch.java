package dev.fixpoint.runtime.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Memory that one thread of one run may scribble on within a step. Arrays grow to the largest
 * request and are kept, so that a repeated run allocates nothing. Contents do not survive a step.
 */
public final class Scratch {
  /** Number of independent arrays of each kind. */
  public static final int SLOTS = 9;

  private final @Nullable Object primitives;
  private final float[][] floats = new float[SLOTS][0];
  private final byte[][] bytes = new byte[SLOTS][0];
  private final int[][] ints = new int[SLOTS][0];
  private final short[][] shorts = new short[SLOTS][0];
  private long[] keys = new long[SLOTS];
  private @Nullable Object[] kept = new @Nullable Object[SLOTS];
  private int count;

  /** Memory outside of a session. */
  public Scratch() {
    this(null);
  }

  /**
   * Memory of a session.
   *
   * @param primitives what the kernels that come with the runtime compute with
   */
  public Scratch(@Nullable Object primitives) {
    this.primitives = primitives;
  }

  /** What the kernels that come with the runtime compute with; null outside of a session. */
  public @Nullable Object primitives() {
    return primitives;
  }

  /** A float array of at least the given length. */
  public float[] floats(int slot, int length) {
    if (floats[slot].length < length) {
      floats[slot] = new float[length];
    }
    return floats[slot];
  }

  /** A byte array of at least the given length. */
  public byte[] bytes(int slot, int length) {
    if (bytes[slot].length < length) {
      bytes[slot] = new byte[length];
    }
    return bytes[slot];
  }

  /** An int array of at least the given length. */
  public int[] ints(int slot, int length) {
    if (ints[slot].length < length) {
      ints[slot] = new int[length];
    }
    return ints[slot];
  }

  /** What was kept under a key by the last step that used it, or null. */
  public @Nullable Object kept(long key) {
    for (int i = 0; i < count; i++) {
      if (keys[i] == key) {
        return kept[i];
      }
    }
    return null;
  }

  /** Keeps an object for a later step; any step may replace it. */
  public void keep(long key, Object object) {
    int at = 0;
    while (at < count && keys[at] != key) {
      at++;
    }
    if (at == keys.length) {
      keys = Arrays.copyOf(keys, 2 * at);
      kept = Arrays.copyOf(kept, 2 * at);
    }
    keys[at] = key;
    kept[at] = object;
    count = Math.max(count, at + 1);
  }

  /** A short array of at least the given length. */
  public short[] shorts(int slot, int length) {
    if (shorts[slot].length < length) {
      shorts[slot] = new short[length];
    }
    return shorts[slot];
  }
}
