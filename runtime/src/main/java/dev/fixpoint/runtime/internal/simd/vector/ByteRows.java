package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE_LANES;

import dev.fixpoint.runtime.internal.simd.machine.MultiplyAdd;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * Rows of unsigned bytes.
 *
 * @param flip what each byte of the input is xored with: -128 adds 128 to signed ones
 */
record ByteRows(byte flip) implements RowStore<byte[]> {
  @Override
  public int elementBytes() {
    return Byte.BYTES;
  }

  @Override
  public int grain() {
    return MultiplyAdd.QUADS.depth();
  }

  @Override
  public byte @Nullable [] direct(Buffer x) {
    return flip == 0 ? x.bytes() : null;
  }

  @Override
  public byte[] array(Scratch scratch, int slot, int length) {
    return scratch.bytes(slot, length);
  }

  @Override
  public void load(Buffer x, int from, int count, byte[] to, int at) {
    byte[] bytes = x.bytes();
    int first = x.offset() + from;
    if (flip == 0) {
      System.arraycopy(bytes, first, to, at, count);
      return;
    }
    int end = count - count % BYTE_LANES;
    for (int i = 0; i < end; i += BYTE_LANES) {
      ByteVector.fromArray(BYTE, bytes, first + i)
          .lanewise(VectorOperators.XOR, flip)
          .intoArray(to, at + i);
    }
    for (int i = end; i < count; i++) {
      to[at + i] = (byte) (bytes[first + i] ^ flip);
    }
  }

  @Override
  public void fill(byte[] to, int from, int end, float padding) {
    Arrays.fill(to, from, end, (byte) (int) padding);
  }

  @Override
  public void gather(
      byte[] rows, int[] offsets, int count, int[] shifts, int length, byte[] patches) {
    int to = 0;
    for (int p = 0; p < count; p++) {
      for (int s = 0; s < shifts.length; s++, to += length) {
        int from = offsets[p] + shifts[s];
        for (int i = 0; i < length; i += BYTE_LANES) {
          ByteVector.fromArray(BYTE, rows, from + i).intoArray(patches, to + i);
        }
      }
    }
  }
}
