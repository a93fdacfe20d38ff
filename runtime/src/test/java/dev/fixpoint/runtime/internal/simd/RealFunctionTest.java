package dev.fixpoint.runtime.internal.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.standard.ErrorFunction;
import dev.fixpoint.runtime.internal.simd.scalar.ScalarFloatKernels;
import dev.fixpoint.runtime.kernel.Scratch;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The functions against exact values, and the chosen kernels against their scalar twin. */
class RealFunctionTest {
  private static final int COUNT = 300_003;

  /** Points from the smallest numbers to where every function has settled, on both sides. */
  private static float[] points() {
    float[] x = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      double magnitude = Math.pow(2, (i / 2) % 3000 / 100.0 - 22) * (1 + i * 1e-7);
      x[i] = (float) (i % 2 == 0 ? magnitude : -magnitude);
    }
    float[] corners = {
      0,
      -0f,
      1,
      -1,
      88.72284f,
      88.722836f,
      -87.3366f,
      -103.97f,
      -104,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      Float.MAX_VALUE,
      -Float.MAX_VALUE
    };
    System.arraycopy(corners, 0, x, 100, corners.length);
    return x;
  }

  private static DoubleUnaryOperator exact(RealFunction function) {
    return switch (function) {
      case EXP -> Math::exp;
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case TANH -> Math::tanh;
      case ERF -> ErrorFunction::erf;
      case SWISH -> x -> x / (1 + Math.exp(-x));
      case GELU -> x -> 0.5 * x * ErrorFunction.erfc(-x * Math.sqrt(0.5));
      case GELU_TANH ->
          x -> x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    };
  }

  /** Four units in the last place, of the argument where a factor next to it is near 0 or 1. */
  private static double allowed(RealFunction function, double x, double y) {
    boolean product =
        switch (function) {
          case GELU, GELU_TANH, SWISH -> true;
          case EXP, SIGMOID, TANH, ERF -> false;
        };
    return 4 * 0x1p-23 * Math.abs(product ? x : y) + Float.MIN_VALUE;
  }

  @ParameterizedTest
  @EnumSource(RealFunction.class)
  void valuesAreWithinFourUnitsInTheLastPlace(RealFunction function) {
    DoubleUnaryOperator exact = exact(function);
    for (float x : points()) {
      double y = exact.applyAsDouble(x);
      float stored = function.apply(x);
      if ((float) y == stored || (Double.isNaN(y) && Float.isNaN(stored))) {
        continue;
      }
      assertThat(Math.abs(stored - y))
          .as("%s(%s) = %s, not %s", function, x, y, stored)
          .isLessThanOrEqualTo(allowed(function, x, y));
    }
  }

  @ParameterizedTest
  @EnumSource(RealFunction.class)
  void theChosenKernelsGiveTheBitsOfTheTwin(RealFunction function) {
    float[] x = points();
    float[] expected = new float[COUNT + 3];
    float[] actual = new float[COUNT + 3];
    new ScalarFloatKernels().map(function, x, 1, expected, 2, COUNT - 1, new Scratch());
    Int8KernelsProvider.floats().map(function, x, 1, actual, 2, COUNT - 1, new Scratch());
    assertThat(actual).isEqualTo(expected);
    Int8KernelsProvider.floats().map(function, x, 1, x, 1, COUNT - 1, new Scratch());
    assertThat(x[COUNT - 1]).isEqualTo(expected[COUNT]);
  }
}
