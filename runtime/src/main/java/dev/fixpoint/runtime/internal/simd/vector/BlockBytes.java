package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE_LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.PARTS;

import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Passes that turn an accumulator block into bytes: column groups outside, pixels inside, so that
 * factors stay in registers.
 *
 * <p>The Vector API cannot round, so 1.5 · 2^23 is added: the sum's lowest bits are the integer,
 * rounded half to even, as long as the value is below 2^22 in magnitude.
 */
final class BlockBytes {
  /** What rounds a float to an integer when added. */
  static final float MAGIC = 12582912f;

  /** The bits of {@link #MAGIC}. */
  static final int MAGIC_BITS = 0x4B400000;

  private BlockBytes() {}

  /** {@code clamp(rint(acc * factor) + zero)}. */
  static void clamp(
      Epilogue e,
      float[] block,
      int pixels,
      int width,
      int used,
      int channel,
      Buffer y,
      int first,
      int pitch,
      Scratch scratch) {
    boolean fused = e.small() && PARTS == 1;
    if (!fused) {
      BlockFloats.scale(block, pixels, width, e.factors(), channel);
      convert(e, block, pixels, width, used, y, first, pitch, scratch);
      return;
    }
    boolean whole = used % BYTE_LANES == 0;
    byte[] out = whole ? y.bytes() : scratch.bytes(Slots.TAIL, pixels * width);
    int to = whole ? y.offset() + first : 0;
    int step = whole ? pitch : width;
    int end = whole ? used : width;
    for (int j = 0; j < end; j += BYTE_LANES) {
      clampColumns(e, block, j, pixels, width, channel + j, out, to + j, step);
    }
    if (!whole) {
      copyOut(out, pixels, width, used, y, first, pitch);
    }
  }

  private static void clampColumns(
      Epilogue e,
      float[] block,
      int from,
      int pixels,
      int width,
      int channel,
      byte[] out,
      int to,
      int step) {
    FloatVector factor = FloatVector.fromArray(FLOAT, e.factors(), channel);
    int shift = MAGIC_BITS - e.outZero();
    int low = e.low();
    int high = e.high();
    for (int p = 0, i = from, o = to; p < pixels; p++, i += width, o += step) {
      FloatVector v = FloatVector.fromArray(FLOAT, block, i).mul(factor).add(MAGIC);
      IntVector integers = v.reinterpretAsInts().sub(shift).max(low).min(high);
      ((ByteVector) integers.convertShape(VectorOperators.I2B, BYTE, 0)).intoArray(out, o);
    }
  }

  /** {@code saturate(rint(value) + zero)}. */
  static void convert(
      Epilogue e,
      float[] block,
      int pixels,
      int width,
      int used,
      Buffer y,
      int first,
      int pitch,
      Scratch scratch) {
    boolean whole = used % BYTE_LANES == 0;
    byte[] out = whole ? y.bytes() : scratch.bytes(Slots.TAIL, pixels * width);
    int to = whole ? y.offset() + first : 0;
    int step = whole ? pitch : width;
    int end = whole ? used : width;
    for (int j = 0; j < end; j += BYTE_LANES) {
      if (PARTS == 1) {
        convertColumns(e, block, j, pixels, width, out, to + j, step);
      } else {
        convertPairs(e, block, j, pixels, width, out, to + j, step);
      }
    }
    if (!whole) {
      copyOut(out, pixels, width, used, y, first, pitch);
    }
  }

  private static void convertColumns(
      Epilogue e, float[] block, int from, int pixels, int width, byte[] out, int to, int step) {
    int shift = MAGIC_BITS - e.outZero();
    float low = e.low() - e.outZero();
    float high = e.high() - e.outZero();
    for (int p = 0, i = from, o = to; p < pixels; p++, i += width, o += step) {
      FloatVector v = FloatVector.fromArray(FLOAT, block, i);
      v = v.blend(high, v.compare(VectorOperators.GT, high));
      v = v.blend(low, v.compare(VectorOperators.GE, low).not());
      IntVector integers = v.add(MAGIC).reinterpretAsInts().sub(shift);
      ((ByteVector) integers.convertShape(VectorOperators.I2B, BYTE, 0)).intoArray(out, o);
    }
  }

  private static void convertPairs(
      Epilogue e, float[] block, int from, int pixels, int width, byte[] out, int to, int step) {
    int shift = MAGIC_BITS - e.outZero();
    float low = e.low() - e.outZero();
    float high = e.high() - e.outZero();
    for (int p = 0, i = from, o = to; p < pixels; p++, i += width, o += step) {
      FloatVector v = FloatVector.fromArray(FLOAT, block, i);
      v = v.blend(high, v.compare(VectorOperators.GT, high));
      v = v.blend(low, v.compare(VectorOperators.GE, low).not());
      FloatVector w = FloatVector.fromArray(FLOAT, block, i + LANES);
      w = w.blend(high, w.compare(VectorOperators.GT, high));
      w = w.blend(low, w.compare(VectorOperators.GE, low).not());
      IntVector left = v.add(MAGIC).reinterpretAsInts().sub(shift);
      IntVector right = w.add(MAGIC).reinterpretAsInts().sub(shift);
      ByteVector first = (ByteVector) left.convertShape(VectorOperators.I2B, BYTE, 0);
      ByteVector second = (ByteVector) right.convertShape(VectorOperators.I2B, BYTE, -1);
      first.or(second).intoArray(out, o);
    }
  }

  private static void copyOut(
      byte[] rows, int pixels, int width, int used, Buffer y, int first, int pitch) {
    for (int p = 0; p < pixels; p++) {
      System.arraycopy(rows, p * width, y.bytes(), y.offset() + first + p * pitch, used);
    }
  }
}
