package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE_LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.PARTS;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Bytes to floats: small vectors are loaded and converted whole, never by parts of a large one. */
final class Widening {
  private Widening() {}

  /**
   * A run of bytes as floats.
   *
   * @param flip what each byte is xored with before it is read as signed: -128 subtracts 128 from
   *     unsigned bytes
   */
  static void widen(byte[] x, int from, int count, byte flip, float[] y, int to) {
    int end = count - count % BYTE_LANES;
    if (PARTS == 1) {
      for (int i = 0; i < end; i += BYTE_LANES) {
        ByteVector bytes = ByteVector.fromArray(BYTE, x, from + i);
        ByteVector signed = bytes.lanewise(VectorOperators.XOR, flip);
        ((FloatVector) signed.convertShape(VectorOperators.B2F, FLOAT, 0)).intoArray(y, to + i);
      }
    } else {
      for (int i = 0; i < end; i += BYTE_LANES) {
        ByteVector bytes = ByteVector.fromArray(BYTE, x, from + i);
        ByteVector signed = bytes.lanewise(VectorOperators.XOR, flip);
        ((FloatVector) signed.convertShape(VectorOperators.B2F, FLOAT, 0)).intoArray(y, to + i);
        ((FloatVector) signed.convertShape(VectorOperators.B2F, FLOAT, 1))
            .intoArray(y, to + i + LANES);
      }
    }
    for (int i = end; i < count; i++) {
      y[to + i] = (byte) (x[from + i] ^ flip);
    }
  }

  /** Adds a row of offsets, repeated, to rows of floats of the same width. */
  static void addOffsets(float[] y, int rows, int width, float[] offsets, int at) {
    for (int j = 0; j < width; j += LANES) {
      FloatVector offset = FloatVector.fromArray(FLOAT, offsets, at + j);
      for (int r = 0, p = j; r < rows; r++, p += width) {
        FloatVector.fromArray(FLOAT, y, p).add(offset).intoArray(y, p);
      }
    }
  }
}
