package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
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
  public void gather(
      float[] rows, int[] offsets, int count, int[] shifts, int length, float[] patches) {
    int to = 0;
    for (int p = 0; p < count; p++) {
      for (int s = 0; s < shifts.length; s++, to += length) {
        int from = offsets[p] + shifts[s];
        for (int i = 0; i < length; i += LANES) {
          FloatVector.fromArray(FLOAT, rows, from + i).intoArray(patches, to + i);
        }
      }
    }
  }
}
