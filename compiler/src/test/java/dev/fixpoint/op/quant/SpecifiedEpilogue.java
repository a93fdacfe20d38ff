package dev.fixpoint.op.quant;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The written specification of the epilogue, step by step, apart from the code under test. */
record SpecifiedEpilogue(Activation activation, @Nullable Tensor yScale, @Nullable Tensor yZero) {

  /** The output of an accumulator as a double: the float, or the integer. */
  double of(int accumulator, float xScale, float wScale, @Nullable Float residual) {
    float accumulatorScale = xScale * wScale;
    if (yScale == null) {
      float scaled = (float) accumulator * accumulatorScale;
      return activation.applyFloat(residual == null ? scaled : scaled + residual);
    }
    float scale = (float) yScale.doubleAt(0);
    if (residual == null && activation.isClamp()) {
      float multiplier = accumulatorScale / scale;
      float product = (float) accumulator * multiplier;
      return clamp(Math.rint(product) + zero(), low(scale), high(scale));
    }
    float f = (float) accumulator * accumulatorScale;
    if (residual != null) {
      f = f + residual;
    }
    return quantize(activation.applyFloat(f), scale);
  }

  private double quantize(float value, float scale) {
    float quotient = value / scale;
    return clamp(Math.rint(quotient) + zero(), type().minInteger(), type().maxInteger());
  }

  private double low(float scale) {
    return switch (activation) {
      case Activation.Relu _ -> Math.max(type().minInteger(), zero());
      case Activation.Clip clip -> quantize(clip.low(), scale);
      default -> type().minInteger();
    };
  }

  private double high(float scale) {
    return activation instanceof Activation.Clip clip
        ? quantize(clip.high(), scale)
        : type().maxInteger();
  }

  private static double clamp(double value, double low, double high) {
    return Math.min(Math.max(value, low), high);
  }

  private ElementType type() {
    return yZero == null ? ElementType.UINT8 : yZero.elementType();
  }

  private long zero() {
    return yZero == null ? 0 : yZero.longAt(0);
  }
}
