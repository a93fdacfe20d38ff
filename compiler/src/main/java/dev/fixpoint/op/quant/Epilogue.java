package dev.fixpoint.op.quant;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Rounding;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic from an accumulator to an output, and the specification of every kernel. The
 * accumulator is the exact int32, or the exact int64 where an operand has 16 bits; each step is one
 * correctly rounded float32 operation, so that the bits are the same on every machine.
 *
 * <ul>
 *   <li>Channel {@code c} has {@code accumulatorScale[c] = xScale * weightScale[c]}.
 *   <li>Float output: {@code act(float(acc) * accumulatorScale[c] + residual)}.
 *   <li>Integer output after a clamp (none, Relu, Clip) and no residual: {@code multiplier[c] =
 *       accumulatorScale[c] / yScale}, then {@code clamp(rint(float(acc) * multiplier[c]) +
 *       zeroPoint, low, high)}, where Relu raises {@code low} to the zero point and Clip has the
 *       quantized bounds.
 *   <li>Any other integer output: {@code f = float(acc) * accumulatorScale[c] + residual}, then
 *       {@code saturate(rint(act(f) / yScale) + zeroPoint)}.
 * </ul>
 */
public final class Epilogue {
  private final Activation activation;
  private final @Nullable QuantParams output;
  private final float[] accumulatorScales;
  private final float[] multipliers;
  private final long low;
  private final long high;

  private Epilogue(float[] accumulatorScales, Activation activation, @Nullable QuantParams output) {
    this.accumulatorScales = accumulatorScales;
    this.activation = activation;
    this.output = output;
    this.multipliers = new float[accumulatorScales.length];
    if (output == null) {
      this.low = 0;
      this.high = 0;
      return;
    }
    for (int c = 0; c < multipliers.length; c++) {
      multipliers[c] = accumulatorScales[c] / output.scale(0);
    }
    this.low = low(activation, output);
    this.high = high(activation, output);
  }

  /**
   * The epilogue of an operator.
   *
   * @param xScale scale of the activations
   * @param weightScales scale of the weights for each channel
   * @param output parameters of the output, per tensor; null for float output
   */
  public static Epilogue of(
      float xScale, float[] weightScales, Activation activation, @Nullable QuantParams output) {
    float[] scales = new float[weightScales.length];
    for (int c = 0; c < scales.length; c++) {
      scales[c] = xScale * weightScales[c];
    }
    return new Epilogue(scales, activation, output);
  }

  private static long low(Activation activation, QuantParams output) {
    long min = output.elementType().minInteger();
    return switch (activation) {
      case Activation.Relu _ -> Math.max(min, output.zeroPoint(0));
      case Activation.Clip clip -> output.quantize(clip.low(), 0);
      case Activation.None _,
          Activation.LeakyRelu _,
          Activation.HardSigmoid _,
          Activation.HardSwish _,
          Activation.Swish _ ->
          min;
    };
  }

  private static long high(Activation activation, QuantParams output) {
    return activation instanceof Activation.Clip clip
        ? output.quantize(clip.high(), 0)
        : output.elementType().maxInteger();
  }

  /** The scale of an accumulator step for each channel. */
  public float[] accumulatorScales() {
    return accumulatorScales.clone();
  }

  /** The scale of an accumulator step of one channel. */
  float accumulatorScale(int channel) {
    return accumulatorScales[channel];
  }

  /** Number of channels with scales of their own. */
  int channels() {
    return accumulatorScales.length;
  }

  /** Output steps in an accumulator step for each channel; 0 where the output is float. */
  public float[] multipliers() {
    return multipliers.clone();
  }

  /** Smallest integer that a clamped output takes. */
  public long low() {
    return low;
  }

  /** Largest integer that a clamped output takes. */
  public long high() {
    return high;
  }

  /** The activation. */
  public Activation activation() {
    return activation;
  }

  /** Whether integer outputs without a residual take the form with one multiplication. */
  public boolean isClamped() {
    return activation.isClamp();
  }

  /** Parameters of the output, or null where it is float. */
  public @Nullable QuantParams output() {
    return output;
  }

  /** The float output of an accumulator without a residual. */
  public float real(long accumulator, int channel) {
    return activation.applyFloat((float) accumulator * accumulatorScales[channel]);
  }

  /** The float output of an accumulator with a residual. */
  public float real(long accumulator, int channel, float residual) {
    float scaled = (float) accumulator * accumulatorScales[channel];
    return activation.applyFloat(scaled + residual);
  }

  /** The integer output of an accumulator without a residual. */
  public long quantized(long accumulator, int channel) {
    if (!isClamped()) {
      return quantize(real(accumulator, channel));
    }
    QuantParams params = requireOutput();
    double rounded = Math.rint((float) accumulator * multipliers[channel]);
    long saturated =
        QuantParams.saturate(
            rounded,
            params.zeroPoint(0),
            params.elementType().minInteger(),
            params.elementType().maxInteger());
    return Math.min(Math.max(saturated, low), high);
  }

  /** The integer output of an accumulator with a residual. */
  public long quantized(long accumulator, int channel, float residual) {
    return quantize(real(accumulator, channel, residual));
  }

  private long quantize(float value) {
    return requireOutput().quantize(value, 0);
  }

  private QuantParams requireOutput() {
    if (output == null) {
      throw new IllegalStateException("the output of this epilogue is float");
    }
    return output;
  }

  /** {@code saturate(rint(value / scale) + zeroPoint)} in float32, for a whole type. */
  static long quantize(float value, float scale, long zeroPoint, ElementType type) {
    return QuantParams.quantize(
        value, scale, zeroPoint, type.minInteger(), type.maxInteger(), Rounding.HALF_EVEN);
  }
}
