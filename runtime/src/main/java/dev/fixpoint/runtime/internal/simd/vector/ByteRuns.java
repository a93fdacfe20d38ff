package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE_LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.INT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.PARTS;

import dev.fixpoint.runtime.internal.simd.Affine8;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Passes over runs of bytes: whole vectors, then the scalar specification for the rest. */
final class ByteRuns {
  private ByteRuns() {}

  static void quantize(float[] x, int from, byte[] y, int to, int count, Affine8 target) {
    int end = count - count % BYTE_LANES;
    float scale = target.scale();
    int zero = target.zeroPoint();
    float low = target.low() - zero;
    float high = target.high() - zero;
    for (int i = 0; i < end; i += BYTE_LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, from + i).div(scale);
      if (PARTS == 1) {
        Rounding8.bytes(Rounding8.round(Rounding8.clamp(v, low, high), zero)).intoArray(y, to + i);
      } else {
        FloatVector w = FloatVector.fromArray(FLOAT, x, from + i + LANES).div(scale);
        Rounding8.bytes(
                Rounding8.round(Rounding8.clamp(v, low, high), zero),
                Rounding8.round(Rounding8.clamp(w, low, high), zero))
            .intoArray(y, to + i);
      }
    }
    for (int i = end; i < count; i++) {
      y[to + i] = target.quantize(x[from + i]);
    }
  }

  static void dequantize(byte[] x, int from, Affine8 source, float[] y, int to, int count) {
    byte flip = flip(source);
    float zero = zero(source);
    float scale = source.scale();
    int end = count - count % BYTE_LANES;
    for (int i = 0; i < end; i += BYTE_LANES) {
      ByteVector signed = load(x, from + i, flip);
      Widening.floats(signed, 0).sub(zero).mul(scale).intoArray(y, to + i);
      if (PARTS == 2) {
        Widening.floats(signed, 1).sub(zero).mul(scale).intoArray(y, to + i + LANES);
      }
    }
    for (int i = end; i < count; i++) {
      y[to + i] = source.real(x[from + i]);
    }
  }

  static void requantize(
      byte[] x, int from, Affine8 source, byte[] y, int to, Affine8 target, int count) {
    byte flip = flip(source);
    float zero = zero(source);
    float scale = source.scale();
    float divisor = target.scale();
    int newZero = target.zeroPoint();
    float low = target.low() - newZero;
    float high = target.high() - newZero;
    int end = count - count % BYTE_LANES;
    for (int i = 0; i < end; i += BYTE_LANES) {
      ByteVector signed = load(x, from + i, flip);
      FloatVector v = Widening.floats(signed, 0).sub(zero).mul(scale).div(divisor);
      IntVector first = Rounding8.round(Rounding8.clamp(v, low, high), newZero);
      if (PARTS == 1) {
        Rounding8.bytes(first).intoArray(y, to + i);
      } else {
        FloatVector w = Widening.floats(signed, 1).sub(zero).mul(scale).div(divisor);
        IntVector second = Rounding8.round(Rounding8.clamp(w, low, high), newZero);
        Rounding8.bytes(first, second).intoArray(y, to + i);
      }
    }
    for (int i = end; i < count; i++) {
      y[to + i] = target.quantize(source.real(x[from + i]));
    }
  }

  static void max(byte[] x, int from, byte[] y, int to, int count, boolean unsigned) {
    byte flip = unsigned ? Byte.MIN_VALUE : 0;
    int end = count - count % BYTE_LANES;
    for (int i = 0; i < end; i += BYTE_LANES) {
      ByteVector a = load(x, from + i, flip);
      ByteVector b = load(y, to + i, flip);
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
    for (int i = 0; i < end; i += BYTE_LANES) {
      ByteVector bytes = ByteVector.fromArray(BYTE, x, from + i);
      for (int part = 0; part < PARTS; part++) {
        int at = to + i + part * LANES;
        IntVector wide = (IntVector) bytes.convertShape(VectorOperators.B2I, INT, part);
        IntVector.fromArray(INT, sums, at).add(wide.and(mask)).intoArray(sums, at);
      }
    }
    for (int i = end; i < count; i++) {
      sums[to + i] += x[from + i] & mask;
    }
  }

  static byte flip(Affine8 source) {
    return source.unsigned() ? Byte.MIN_VALUE : 0;
  }

  /** The zero point of bytes that were flipped to signed. */
  static float zero(Affine8 source) {
    return source.zeroPoint() - (source.unsigned() ? 128 : 0);
  }

  static ByteVector load(byte[] x, int at, byte flip) {
    return ByteVector.fromArray(BYTE, x, at).lanewise(VectorOperators.XOR, flip);
  }
}
