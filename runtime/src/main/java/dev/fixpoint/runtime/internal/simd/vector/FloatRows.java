package dev.fixpoint.runtime.internal.simd.vector;

import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of floats.
 *
 * @param source how input elements become floats
 */
record FloatRows(RowSource source) implements RowStore<float[]> {
  @Override
  public int elementBytes() {
    return Float.BYTES;
  }

  @Override
  public int grain() {
    return 1;
  }

  @Override
  public float @Nullable [] direct(Buffer x) {
    return source.isDirect() ? x.floats() : null;
  }

  @Override
  public float[] array(Scratch scratch, int slot, int length) {
    return scratch.floats(slot, length);
  }

  @Override
  public void load(Buffer x, int from, int count, float[] to, int at) {
    source.load(x, from, count, to, at);
  }

  @Override
  public void fill(float[] to, int from, int end, float padding) {
    Arrays.fill(to, from, end, padding);
  }

  @Override
  public void copy(float[] from, int at, float[] to, int target, int count) {
    Patches.copy(from, at, to, target, count);
  }
}
