package dev.fixpoint.op.quant;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A quantized tensor among the inputs of a call: its integers, with the scales and zero points that
 * give them meaning. One scale serves all indices of the channel axis, or each has its own.
 *
 * @param tensor the integers
 * @param scales one, or one for each channel
 * @param zeroPoints one, or one for each channel
 */
record Quantized(Tensor tensor, float[] scales, long[] zeroPoints) {

  /** The tensor at an input, its scales and its zero points; an absent zero point means 0. */
  static Quantized of(OpCall call, int tensor, int scale, int zeroPoint) {
    return new Quantized(
        call.tensor(tensor), scales(call.tensor(scale)), zeroPoints(call.constant(zeroPoint)));
  }

  /** The tensor at an input without a scale, as in the integer operators of ONNX. */
  static Quantized unscaled(OpCall call, int tensor, int zeroPoint) {
    return new Quantized(
        call.tensor(tensor), new float[] {1}, zeroPoints(call.constant(zeroPoint)));
  }

  /** The scales of an input, float32 or narrower. */
  static float[] scales(Tensor tensor) {
    double[] wide = tensor.toDoubles();
    float[] scales = new float[wide.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (float) wide[i];
    }
    return scales;
  }

  /** The integers of a zero point input; an absent one means 0. */
  static long[] zeroPoints(@Nullable Tensor tensor) {
    return tensor == null ? new long[] {0} : tensor.toLongs();
  }

  /** The only scale. */
  float scale() {
    return single(scales);
  }

  /** The only value of a scale input. */
  static float single(float[] values) {
    if (values.length != 1) {
      throw new IllegalArgumentException("one scale is needed here, not " + values.length);
    }
    return values[0];
  }

  /** The only zero point. */
  long zeroPoint() {
    if (zeroPoints.length != 1) {
      throw new IllegalArgumentException("one zero point is needed, not " + zeroPoints.length);
    }
    return zeroPoints[0];
  }

  /** The scale of each of a number of channels. */
  float[] scales(int channels) {
    float[] each = new float[channels];
    for (int c = 0; c < channels; c++) {
      each[c] = at(scales, c, channels);
    }
    return each;
  }

  private static float at(float[] values, int channel, int channels) {
    if (values.length != 1 && values.length != channels) {
      throw new IllegalArgumentException(
          "there are " + channels + " channels but " + values.length + " scales");
    }
    return values[values.length == 1 ? 0 : channel];
  }

  /** The integers less their zero points, which differ along an axis where there are several. */
  int[] centred(int axis) {
    int[] integers = integers(tensor);
    if (zeroPoints.length == 1) {
      int zero = Math.toIntExact(zeroPoints[0]);
      for (int i = 0; zero != 0 && i < integers.length; i++) {
        integers[i] -= zero;
      }
      return integers;
    }
    int size = tensor.shape().intSize(axis);
    if (size != zeroPoints.length) {
      throw new IllegalArgumentException(
          "there are " + size + " channels but " + zeroPoints.length + " zero points");
    }
    int inner = 1;
    for (int i = axis + 1; i < tensor.shape().rank(); i++) {
      inner *= tensor.shape().intSize(i);
    }
    for (int start = 0, channel = 0; start < integers.length; start += inner, channel++) {
      int zero = Math.toIntExact(zeroPoints[channel % size]);
      for (int i = start; i < start + inner; i++) {
        integers[i] -= zero;
      }
    }
    return integers;
  }

  /** The integers less the only zero point. */
  int[] centred() {
    zeroPoint();
    return centred(0);
  }

  /** The real numbers {@code (q - zeroPoint) * scale}, each a float32 product. */
  float[] reals() {
    int[] integers = centred();
    float[] reals = new float[integers.length];
    float scale = scale();
    for (int i = 0; i < reals.length; i++) {
      reals[i] = integers[i] * scale;
    }
    return reals;
  }

  /** The only scale and zero point as parameters. */
  QuantParams params() {
    return QuantParams.perTensor(tensor.elementType(), scale(), zeroPoint());
  }

  /** All integers of a tensor of at most 32 bits. */
  static int[] integers(Tensor tensor) {
    int[] integers = new int[Math.toIntExact(tensor.elementCount())];
    if (tensor.elementType() == ElementType.INT8) {
      byte[] bytes = tensor.toBytes();
      for (int i = 0; i < integers.length; i++) {
        integers[i] = bytes[i];
      }
    } else if (tensor.elementType() == ElementType.UINT8) {
      byte[] bytes = tensor.toBytes();
      for (int i = 0; i < integers.length; i++) {
        integers[i] = bytes[i] & 0xff;
      }
    } else {
      long[] longs = tensor.toLongs();
      for (int i = 0; i < integers.length; i++) {
        integers[i] = Math.toIntExact(longs[i]);
      }
    }
    return integers;
  }
}
