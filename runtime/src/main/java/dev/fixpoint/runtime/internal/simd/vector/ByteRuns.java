package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE_LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.INT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.PARTS;
import static dev.fixpoint.runtime.internal.simd.vector.Species.WIDE_BYTE;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.Affine8;
import dev.fixpoint.runtime.internal.simd.Rounder;
import dev.fixpoint.runtime.kernel.Scratch;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Passes over runs of bytes: whole vectors, then the scalar specification for the rest. */
final class ByteRuns {
  /** Elements that go through floats in L1 at a time. */
  private static final int PIECE = 1024;

  private static final int LEVELS = 255;

  private ByteRuns() {}

  /**
   * Quantizes a run of floats.
   *
   * @param low the smallest integer; there are 256
   */
  static void quantize(
      float[] x, int from, byte[] y, int to, int count, int low, int zeroPoint, float scale) {
    int end = count - count % BYTE_LANES;
    if (PARTS == 1) {
      quantizeVectors(x, from, y, to, end, low, zeroPoint, scale);
    } else {
      quantizePairs(x, from, y, to, end, low, zeroPoint, scale);
    }
    for (int i = end; i < count; i++) {
      y[to + i] = Rounder.saturate(x[from + i] / scale, zeroPoint, low, low + LEVELS);
    }
  }

  private static void quantizeVectors(
      float[] x, int from, byte[] y, int to, int end, int smallest, int zeroPoint, float scale) {
    int shift = BlockBytes.MAGIC_BITS - zeroPoint;
    float low = smallest - zeroPoint;
    float high = smallest + LEVELS - zeroPoint;
    for (int i = 0; i < end; i += BYTE_LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, from + i).div(scale);
      v = v.blend(high, v.compare(VectorOperators.GT, high));
      v = v.blend(low, v.compare(VectorOperators.GE, low).not());
      IntVector integers = v.add(BlockBytes.MAGIC).reinterpretAsInts().sub(shift);
      ((ByteVector) integers.convertShape(VectorOperators.I2B, BYTE, 0)).intoArray(y, to + i);
    }
  }

  private static void quantizePairs(
      float[] x, int from, byte[] y, int to, int end, int smallest, int zeroPoint, float scale) {
    int shift = BlockBytes.MAGIC_BITS - zeroPoint;
    float low = smallest - zeroPoint;
    float high = smallest + LEVELS - zeroPoint;
    for (int i = 0; i < end; i += BYTE_LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, from + i).div(scale);
      v = v.blend(high, v.compare(VectorOperators.GT, high));
      v = v.blend(low, v.compare(VectorOperators.GE, low).not());
      FloatVector w = FloatVector.fromArray(FLOAT, x, from + i + LANES).div(scale);
      w = w.blend(high, w.compare(VectorOperators.GT, high));
      w = w.blend(low, w.compare(VectorOperators.GE, low).not());
      IntVector left = v.add(BlockBytes.MAGIC).reinterpretAsInts().sub(shift);
      IntVector right = w.add(BlockBytes.MAGIC).reinterpretAsInts().sub(shift);
      ByteVector first = (ByteVector) left.convertShape(VectorOperators.I2B, BYTE, 0);
      ByteVector second = (ByteVector) right.convertShape(VectorOperators.I2B, BYTE, -1);
      first.or(second).intoArray(y, to + i);
    }
  }

  static void dequantize(byte[] x, int from, Affine8 source, float[] y, int to, int count) {
    byte flip = source.unsigned() ? Byte.MIN_VALUE : 0;
    float zero = source.zeroPoint() - (source.unsigned() ? 128 : 0);
    float scale = source.scale();
    Widening.widen(x, from, count, flip, y, to);
    for (int i = to; i < to + count; i++) {
      y[i] = (y[i] - zero) * scale;
    }
  }

  static void requantize(
      byte[] x,
      int from,
      Affine8 source,
      byte[] y,
      int to,
      Affine8 target,
      int count,
      Scratch scratch) {
    float[] piece = scratch.floats(Slots.LEFT, PIECE);
    for (int i = 0; i < count; i += PIECE) {
      int length = Math.min(PIECE, count - i);
      dequantize(x, from + i, source, piece, 0, length);
      quantize(piece, 0, y, to + i, length, target.low(), target.zeroPoint(), target.scale());
    }
  }

  static void combine(
      boolean multiply,
      byte[] a,
      int fromA,
      int stepA,
      Affine8 sourceA,
      byte[] b,
      int fromB,
      int stepB,
      Affine8 sourceB,
      Activation activation,
      byte[] y,
      int to,
      Affine8 target,
      int count,
      Scratch scratch) {
    float[] left = scratch.floats(Slots.LEFT, PIECE);
    float[] right = scratch.floats(Slots.RIGHT, PIECE);
    for (int i = 0; i < count; i += PIECE) {
      int length = Math.min(PIECE, count - i);
      operand(a, fromA + i * stepA, stepA, sourceA, left, length);
      operand(b, fromB + i * stepB, stepB, sourceB, right, length);
      if (multiply) {
        for (int k = 0; k < length; k++) {
          left[k] *= right[k];
        }
      } else {
        for (int k = 0; k < length; k++) {
          left[k] += right[k];
        }
      }
      Activations.run(activation, left, Math.ceilDiv(length, LANES) * LANES, scratch);
      quantize(left, 0, y, to + i, length, target.low(), target.zeroPoint(), target.scale());
    }
  }

  private static void operand(byte[] x, int from, int step, Affine8 source, float[] y, int count) {
    if (step == 1) {
      dequantize(x, from, source, y, 0, count);
      return;
    }
    float real = source.real(x[from]);
    for (int i = 0; i < count; i++) {
      y[i] = real;
    }
  }

  static void max(byte[] x, int from, byte[] y, int to, int count, boolean unsigned) {
    int wide = count - count % WIDE_BYTE.length();
    if (unsigned) {
      for (int i = 0; i < wide; i += WIDE_BYTE.length()) {
        ByteVector a = ByteVector.fromArray(WIDE_BYTE, x, from + i);
        ByteVector b = ByteVector.fromArray(WIDE_BYTE, y, to + i);
        a.lanewise(VectorOperators.UMAX, b).intoArray(y, to + i);
      }
    } else {
      for (int i = 0; i < wide; i += WIDE_BYTE.length()) {
        ByteVector a = ByteVector.fromArray(WIDE_BYTE, x, from + i);
        a.max(ByteVector.fromArray(WIDE_BYTE, y, to + i)).intoArray(y, to + i);
      }
    }
    byte flip = unsigned ? Byte.MIN_VALUE : 0;
    int end = count - count % BYTE_LANES;
    for (int i = wide; i < end; i += BYTE_LANES) {
      ByteVector a = ByteVector.fromArray(BYTE, x, from + i).lanewise(VectorOperators.XOR, flip);
      ByteVector b = ByteVector.fromArray(BYTE, y, to + i).lanewise(VectorOperators.XOR, flip);
      a.max(b).lanewise(VectorOperators.XOR, flip).intoArray(y, to + i);
    }
    for (int i = end; i < count; i++) {
      if ((byte) (x[from + i] ^ flip) > (byte) (y[to + i] ^ flip)) {
        y[to + i] = x[from + i];
      }
    }
  }

  static void sum(byte[] x, int from, boolean unsigned, int[] sums, int to, int count) {
    int end = count - count % BYTE_LANES;
    int mask = unsigned ? 0xff : -1;
    for (int part = 0; part < PARTS; part++) {
      sumPart(x, from, mask, sums, to + part * LANES, end, part);
    }
    for (int i = end; i < count; i++) {
      sums[to + i] += x[from + i] & mask;
    }
  }

  private static void sumPart(byte[] x, int from, int mask, int[] sums, int to, int end, int part) {
    for (int i = 0; i < end; i += BYTE_LANES) {
      ByteVector bytes = ByteVector.fromArray(BYTE, x, from + i);
      IntVector wide = (IntVector) bytes.convertShape(VectorOperators.B2I, INT, part);
      IntVector.fromArray(INT, sums, to + i).add(wide.and(mask)).intoArray(sums, to + i);
    }
  }
}
