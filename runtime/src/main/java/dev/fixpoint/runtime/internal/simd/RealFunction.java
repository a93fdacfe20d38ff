package dev.fixpoint.runtime.internal.simd;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.FloatExponential;

/**
 * Functions of one float32 number, each a fixed sequence of float32 operations, so that every
 * implementation gives the same bits. Their distance from the exact values is a few units in the
 * last place; the coefficients are least-maximum fits.
 */
public enum RealFunction {
  /** {@code e^x}. */
  EXP {
    @Override
    public float apply(float x) {
      return FloatExponential.of(x);
    }
  },
  /** {@code 1 / (1 + e^-x)}. */
  SIGMOID {
    @Override
    public float apply(float x) {
      return FloatExponential.logistic(x);
    }
  },
  /** The hyperbolic tangent. */
  TANH {
    @Override
    public float apply(float x) {
      float z = FloatExponential.of(-2 * Math.abs(x));
      if (Math.abs(x) < TANH_SMALL) {
        float s = x * x;
        return Math.fma(x * s, polynomial(TANH_SERIES, s), x);
      }
      return Math.copySign((1 - z) / (1 + z), x);
    }
  },
  /** The error function. */
  ERF {
    @Override
    public float apply(float x) {
      float t = Math.abs(x);
      if (t <= 1) {
        return Math.fma(x, polynomial(ERF_SERIES, x * x), x);
      }
      return Math.copySign(
          1 - FloatExponential.of(polynomial(ERFC_LOGARITHM, Math.min(t, ERF_LARGE))), x);
    }
  },
  /** {@code x Φ(x)} with the normal distribution Φ. */
  GELU {
    @Override
    public float apply(float x) {
      return 0.5f * x * (1 + ERF.apply(x * ROOT_HALF));
    }
  },
  /** The approximation of {@link #GELU} by the hyperbolic tangent. */
  GELU_TANH {
    @Override
    public float apply(float x) {
      return x * SIGMOID.apply(Math.fma(x * x * x, GELU_CUBIC, x * GELU_LINEAR));
    }
  },
  /** {@code x / (1 + e^-x)}, as {@link Activation.Swish} has it. */
  SWISH {
    @Override
    public float apply(float x) {
      return x * FloatExponential.logistic(x);
    }
  };

  /** {@code (tanh x / x - 1) / x²} by powers of x². */
  private static final float[] TANH_SERIES = {
    -0.33333277702331543f,
    0.13331328332424164f,
    -0.05372922867536545f,
    0.020601999014616013f,
    -0.005660780239850283f
  };

  /** {@code erf x / x - 1} for x up to 1, by powers of x². */
  private static final float[] ERF_SERIES = {
    0.12837916612625122f,
    -0.3761262595653534f,
    0.11283600330352783f,
    -0.026854444295167923f,
    0.005189535208046436f,
    -0.0008020841050893068f,
    7.889119297033176e-05f
  };

  /** {@code ln (1 - erf t)} for t from 1 to 4. */
  private static final float[] ERFC_LOGARITHM = {
    0.0001880402269307524f,
    -1.1295784711837769f,
    -0.6332198977470398f,
    -0.10841857641935349f,
    0.025208257138729095f,
    -0.004204561933875084f,
    0.00044133636401966214f,
    -2.1686850232072175e-05f
  };

  /** Up to here {@link #TANH} is a series. */
  public static final float TANH_SMALL = 0.625f;

  /** From here on the error function is 1. */
  public static final float ERF_LARGE = 4;

  /** The square root of 1/2. */
  public static final float ROOT_HALF = 0.70710678f;

  /** {@code 2 √(2/π)}. */
  public static final float GELU_LINEAR = 1.5957691f;

  /** {@code 2 √(2/π) 0.044715}. */
  public static final float GELU_CUBIC = 0.071354814f;

  /** The value at a point. */
  public abstract float apply(float x);

  /** Coefficients of the hyperbolic tangent's series. */
  public static float tanhSeries(int power) {
    return TANH_SERIES[power];
  }

  /** Coefficients of the error function's series. */
  public static float erfSeries(int power) {
    return ERF_SERIES[power];
  }

  /** Coefficients of the logarithm of the complement of the error function. */
  public static float erfcLogarithm(int power) {
    return ERFC_LOGARITHM[power];
  }

  private static float polynomial(float[] coefficients, float x) {
    float sum = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = Math.fma(sum, x, coefficients[i]);
    }
    return sum;
  }
}
