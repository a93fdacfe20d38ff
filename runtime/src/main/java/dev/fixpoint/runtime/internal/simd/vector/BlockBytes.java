package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE_LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.PARTS;

import dev.fixpoint.runtime.internal.simd.Epilogue;
import dev.fixpoint.runtime.kernel.Buffer;
import dev.fixpoint.runtime.kernel.Scratch;
import jdk.incubator.vector.FloatVector;

/**
 * Passes that turn an accumulator block into bytes: column groups outside, pixels inside, so that
 * factors stay in registers.
 */
final class BlockBytes {
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
    boolean whole = used % BYTE_LANES == 0;
    byte[] out = whole ? y.bytes() : scratch.bytes(Slots.TAIL, pixels * width);
    int to = whole ? y.offset() + first : 0;
    int step = whole ? pitch : width;
    int end = whole ? used : width;
    for (int j = 0; j < end; j += BYTE_LANES) {
      if (PARTS == 2) {
        clampPairs(e, block, j, pixels, width, channel + j, out, to + j, step);
      } else if (e.small()) {
        clampSmall(e, block, j, pixels, width, channel + j, out, to + j, step);
      } else {
        clampLarge(e, block, j, pixels, width, channel + j, out, to + j, step);
      }
    }
    if (!whole) {
      copyOut(out, pixels, width, used, y, first, pitch);
    }
  }

  private static void clampSmall(
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
    int zero = e.outZero();
    int low = e.low();
    int high = e.high();
    for (int p = 0, i = from, o = to; p < pixels; p++, i += width, o += step) {
      FloatVector v = FloatVector.fromArray(FLOAT, block, i).mul(factor);
      Rounding8.bytes(Rounding8.round(v, zero, low, high)).intoArray(out, o);
    }
  }

  private static void clampLarge(
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
    int zero = e.outZero();
    float low = e.low() - zero;
    float high = e.high() - zero;
    for (int p = 0, i = from, o = to; p < pixels; p++, i += width, o += step) {
      FloatVector v = FloatVector.fromArray(FLOAT, block, i).mul(factor);
      Rounding8.bytes(Rounding8.round(Rounding8.clamp(v, low, high), zero)).intoArray(out, o);
    }
  }

  private static void clampPairs(
      Epilogue e,
      float[] block,
      int from,
      int pixels,
      int width,
      int channel,
      byte[] out,
      int to,
      int step) {
    FloatVector factor0 = FloatVector.fromArray(FLOAT, e.factors(), channel);
    FloatVector factor1 = FloatVector.fromArray(FLOAT, e.factors(), channel + LANES);
    int zero = e.outZero();
    float low = e.low() - zero;
    float high = e.high() - zero;
    for (int p = 0, i = from, o = to; p < pixels; p++, i += width, o += step) {
      FloatVector v0 = FloatVector.fromArray(FLOAT, block, i).mul(factor0);
      FloatVector v1 = FloatVector.fromArray(FLOAT, block, i + LANES).mul(factor1);
      Rounding8.bytes(
              Rounding8.round(Rounding8.clamp(v0, low, high), zero),
              Rounding8.round(Rounding8.clamp(v1, low, high), zero))
          .intoArray(out, o);
    }
  }

  /** {@code saturate(rint(value / scale) + zero)}. */
  static void quantize(
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
      quantizeColumns(e, block, j, pixels, width, out, to + j, step);
    }
    if (!whole) {
      copyOut(out, pixels, width, used, y, first, pitch);
    }
  }

  private static void quantizeColumns(
      Epilogue e, float[] block, int from, int pixels, int width, byte[] out, int to, int step) {
    int zero = e.outZero();
    float low = e.low() - zero;
    float high = e.high() - zero;
    float scale = e.outScale();
    for (int p = 0, i = from, o = to; p < pixels; p++, i += width, o += step) {
      FloatVector v = FloatVector.fromArray(FLOAT, block, i).div(scale);
      if (PARTS == 1) {
        Rounding8.bytes(Rounding8.round(Rounding8.clamp(v, low, high), zero)).intoArray(out, o);
      } else {
        FloatVector w = FloatVector.fromArray(FLOAT, block, i + LANES).div(scale);
        Rounding8.bytes(
                Rounding8.round(Rounding8.clamp(v, low, high), zero),
                Rounding8.round(Rounding8.clamp(w, low, high), zero))
            .intoArray(out, o);
      }
    }
  }

  private static void copyOut(
      byte[] rows, int pixels, int width, int used, Buffer y, int first, int pitch) {
    for (int p = 0; p < pixels; p++) {
      System.arraycopy(rows, p * width, y.bytes(), y.offset() + first + p * pitch, used);
    }
  }
}
