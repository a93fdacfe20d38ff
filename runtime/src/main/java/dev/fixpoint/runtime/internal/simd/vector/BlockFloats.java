package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE_LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.INT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.PARTS;

import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.kernel.Buffer;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Passes over an accumulator block that stay in float32. */
final class BlockFloats {
  private BlockFloats() {}

  /** Multiplies each column by its factor. */
  static void scale(float[] block, int pixels, int width, float[] factors, int channel) {
    for (int j = 0; j < width; j += LANES) {
      FloatVector factor = FloatVector.fromArray(FLOAT, factors, channel + j);
      for (int p = 0, i = j; p < pixels; p++, i += width) {
        FloatVector.fromArray(FLOAT, block, i).mul(factor).intoArray(block, i);
      }
    }
  }

  /** Multiplies each column by its factor and adds its shift, rounding both. */
  static void shift(
      float[] block, int pixels, int width, float[] factors, float[] shifts, int channel) {
    for (int j = 0; j < width; j += LANES) {
      FloatVector factor = FloatVector.fromArray(FLOAT, factors, channel + j);
      FloatVector shift = FloatVector.fromArray(FLOAT, shifts, channel + j);
      for (int p = 0, i = j; p < pixels; p++, i += width) {
        FloatVector.fromArray(FLOAT, block, i).mul(factor).add(shift).intoArray(block, i);
      }
    }
  }

  /** Adds the second summand. */
  static void addResidual(
      float[] block,
      int pixels,
      int width,
      int used,
      Buffer residual,
      Epilogue.Residual how,
      int first,
      int pitch) {
    boolean bytes = how.kind() == Epilogue.Residual.Source.BYTES;
    for (int p = 0; p < pixels; p++) {
      int from = residual.offset() + first + p * pitch;
      if (bytes) {
        addBytes(block, p * width, used, residual.bytes(), from, how);
      } else {
        addFloats(block, p * width, used, residual.floats(), from);
      }
    }
  }

  private static void addFloats(float[] block, int at, int used, float[] x, int from) {
    int end = used - used % LANES;
    for (int j = 0; j < end; j += LANES) {
      FloatVector.fromArray(FLOAT, block, at + j)
          .add(FloatVector.fromArray(FLOAT, x, from + j))
          .intoArray(block, at + j);
    }
    for (int j = end; j < used; j++) {
      block[at + j] += x[from + j];
    }
  }

  private static void addBytes(
      float[] block, int at, int used, byte[] x, int from, Epilogue.Residual how) {
    byte flip = how.unsigned() ? Byte.MIN_VALUE : 0;
    float zero = how.zeroPoint() - (how.unsigned() ? 128 : 0);
    int end = used - used % BYTE_LANES;
    for (int part = 0; part < PARTS; part++) {
      addPart(block, at + part * LANES, x, from, end, flip, zero, how.scale(), part);
    }
    for (int j = end; j < used; j++) {
      block[at + j] += ((byte) (x[from + j] ^ flip) - zero) * how.scale();
    }
  }

  private static void addPart(
      float[] block,
      int at,
      byte[] x,
      int from,
      int end,
      byte flip,
      float zero,
      float scale,
      int part) {
    for (int j = 0; j < end; j += BYTE_LANES) {
      ByteVector stored = ByteVector.fromArray(BYTE, x, from + j);
      ByteVector signed = stored.lanewise(VectorOperators.XOR, flip);
      FloatVector real =
          ((FloatVector) signed.convertShape(VectorOperators.B2F, FLOAT, part))
              .sub(zero)
              .mul(scale);
      FloatVector.fromArray(FLOAT, block, at + j).add(real).intoArray(block, at + j);
    }
  }

  /** Divides every accumulator. */
  static void divide(float[] block, int count, float divisor) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromArray(FLOAT, block, i).div(divisor).intoArray(block, i);
    }
  }

  /** Copies the used columns out. */
  static void copy(float[] block, int pixels, int width, int used, Buffer y, int first, int pitch) {
    float[] out = y.floats();
    int to = y.offset() + first;
    if (used % LANES != 0) {
      for (int p = 0; p < pixels; p++) {
        System.arraycopy(block, p * width, out, to + p * pitch, used);
      }
      return;
    }
    for (int p = 0; p < pixels; p++, to += pitch) {
      for (int j = 0; j < used; j += LANES) {
        FloatVector.fromArray(FLOAT, block, p * width + j).intoArray(out, to + j);
      }
    }
  }

  /**
   * Copies the used columns out, no smaller than {@code low} and no larger than {@code high}, which
   * are {@linkplain Activations#isOrdinary ordinary}.
   */
  static void copyClamped(
      float[] block,
      int pixels,
      int width,
      int used,
      Buffer y,
      int first,
      int pitch,
      float low,
      float high) {
    int to = y.offset() + first;
    for (int j = 0; j < used; j += LANES) {
      clampColumns(block, j, pixels, width, y.floats(), to + j, pitch, low, high);
    }
  }

  private static void clampColumns(
      float[] block,
      int from,
      int pixels,
      int width,
      float[] out,
      int to,
      int pitch,
      float low,
      float high) {
    for (int p = 0, i = from, o = to; p < pixels; p++, i += width, o += pitch) {
      FloatVector v = FloatVector.fromArray(FLOAT, block, i);
      v = v.blend(low, v.compare(VectorOperators.LE, low));
      v.blend(high, v.compare(VectorOperators.GE, high)).intoArray(out, o);
    }
  }

  /** Starts integer accumulators, a row repeated. */
  static void fill(int[] sums, int pixels, int width, int[] start, int at) {
    for (int p = 0; p < pixels; p++) {
      System.arraycopy(start, at, sums, p * width, width);
    }
  }

  /** Adds a block of exact partial sums to integer accumulators. */
  static void flush(float[] block, int[] sums, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector partial = FloatVector.fromArray(FLOAT, block, i);
      IntVector exact = (IntVector) partial.convertShape(VectorOperators.F2I, INT, 0);
      IntVector.fromArray(INT, sums, i).add(exact).intoArray(sums, i);
    }
  }

  /** Integer accumulators as floats, each rounded once. */
  static void round(int[] sums, float[] block, int count) {
    for (int i = 0; i < count; i += LANES) {
      IntVector exact = IntVector.fromArray(INT, sums, i);
      ((FloatVector) exact.convertShape(VectorOperators.I2F, FLOAT, 0)).intoArray(block, i);
    }
  }
}
