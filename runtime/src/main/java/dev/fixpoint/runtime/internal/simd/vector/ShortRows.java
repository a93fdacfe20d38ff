package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.HALF_BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.HALF_SHORT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.SHORT;

import dev.fixpoint.runtime.internal.simd.machine.MultiplyAdd;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * Rows of unsigned bytes, widened to 16 bits.
 *
 * @param flip what each byte of the input is xored with: -128 adds 128 to signed ones
 */
record ShortRows(byte flip) implements RowStore<short[]> {
  @Override
  public int elementBytes() {
    return Short.BYTES;
  }

  @Override
  public int grain() {
    return MultiplyAdd.PAIRS.depth();
  }

  @Override
  public short @Nullable [] direct(Buffer x) {
    return null;
  }

  @Override
  public short[] array(Scratch scratch, int slot, int length) {
    return scratch.shorts(slot, length);
  }

  @Override
  public void load(Buffer x, int from, int count, short[] to, int at) {
    byte[] bytes = x.bytes();
    int first = x.offset() + from;
    int lanes = SHORT.length();
    int end = count - count % lanes;
    for (int i = 0; i < end; i += lanes) {
      ByteVector vector =
          ByteVector.fromArray(HALF_BYTE, bytes, first + i).lanewise(VectorOperators.XOR, flip);
      ((ShortVector) vector.convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORT, 0))
          .intoArray(to, at + i);
    }
    for (int i = end; i < count; i++) {
      to[at + i] = (short) ((bytes[first + i] ^ flip) & 0xff);
    }
  }

  @Override
  public void fill(short[] to, int from, int end, float padding) {
    Arrays.fill(to, from, end, (short) padding);
  }

  @Override
  public void gather(
      short[] rows, int[] offsets, int count, int[] shifts, int length, short[] patches) {
    int to = 0;
    for (int p = 0; p < count; p++) {
      for (int s = 0; s < shifts.length; s++, to += length) {
        int from = offsets[p] + shifts[s];
        for (int i = 0; i < length; i += HALF_SHORT.length()) {
          ShortVector.fromArray(HALF_SHORT, rows, from + i).intoArray(patches, to + i);
        }
      }
    }
  }
}
