package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import dev.fixpoint.op.standard.FloatExponential;
import dev.fixpoint.runtime.internal.simd.RealFunction;
import dev.fixpoint.runtime.kernel.Scratch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link RealFunction}s of runs of floats, in passes over L1 of one loop each: a helper that takes
 * and returns vectors is boxed for good where the JVM compiles it alone first.
 */
final class FunctionRuns {
  /** Elements that go through scratch memory at a time. */
  private static final int PIECE = 1024;

  private static final int SIGN = 0x80000000;

  private FunctionRuns() {}

  /** Maps a run; source and target may be the same. */
  static void map(
      RealFunction function, float[] x, int from, float[] y, int to, int count, Scratch scratch) {
    float[] a = scratch.floats(Slots.LEFT, PIECE);
    float[] b = scratch.floats(Slots.RIGHT, PIECE);
    int end = count - count % LANES;
    for (int i = 0; i < end; i += PIECE) {
      mapPiece(function, x, from + i, y, to + i, Math.min(PIECE, end - i), a, b);
    }
    for (int i = end; i < count; i++) {
      y[to + i] = function.apply(x[from + i]);
    }
  }

  private static void mapPiece(
      RealFunction function, float[] x, int from, float[] y, int to, int n, float[] a, float[] b) {
    switch (function) {
      case EXP -> {
        System.arraycopy(x, from, y, to, n);
        exp(y, to, n);
      }
      case SIGMOID -> sigmoid(x, from, y, to, n, a);
      case TANH -> {
        negate(x, from, 2, a, n);
        exp(a, 0, n);
        finishTanh(x, from, a, y, to, n);
      }
      case ERF -> erf(x, from, y, to, n, a);
      case GELU -> {
        scale(x, from, RealFunction.ROOT_HALF, b, n);
        erf(b, 0, b, 0, n, a);
        finishGelu(x, from, b, y, to, n);
      }
      case GELU_TANH -> {
        cubic(x, from, b, n);
        sigmoid(b, 0, b, 0, n, a);
        multiply(x, from, b, y, to, n);
      }
      case SWISH -> swish(x, from, y, to, n, a);
    }
  }

  private static void swish(float[] x, int from, float[] y, int to, int n, float[] a) {
    negate(x, from, 1, a, n);
    exp(a, 0, n);
    finishSwish(x, from, a, y, to, n);
  }

  /** Applies the function SWISH to a run of whole vectors in place. */
  static void swish(float[] x, int count, Scratch scratch) {
    float[] a = scratch.floats(Slots.GATES, PIECE);
    for (int i = 0; i < count; i += PIECE) {
      swish(x, i, x, i, Math.min(PIECE, count - i), a);
    }
  }

  private static void sigmoid(float[] x, int from, float[] y, int to, int n, float[] a) {
    negate(x, from, 1, a, n);
    exp(a, 0, n);
    finishSigmoid(x, from, a, y, to, n);
  }

  private static void erf(float[] x, int from, float[] y, int to, int n, float[] a) {
    logarithm(x, from, a, n);
    exp(a, 0, n);
    finishErf(x, from, a, y, to, n);
  }

  private static void exp(float[] y, int at, int n) {
    FloatVector c0 = FloatVector.broadcast(FLOAT, FloatExponential.series(0));
    FloatVector c1 = FloatVector.broadcast(FLOAT, FloatExponential.series(1));
    FloatVector c2 = FloatVector.broadcast(FLOAT, FloatExponential.series(2));
    FloatVector c3 = FloatVector.broadcast(FLOAT, FloatExponential.series(3));
    FloatVector c4 = FloatVector.broadcast(FLOAT, FloatExponential.series(4));
    for (int i = at; i < at + n; i += LANES) {
      FloatVector x =
          FloatVector.fromArray(FLOAT, y, i).max(FloatExponential.LOW).min(FloatExponential.HIGH);
      FloatVector magic = FloatVector.broadcast(FLOAT, FloatExponential.MAGIC);
      FloatVector shifted = x.fma(FloatVector.broadcast(FLOAT, FloatExponential.LOG2_E), magic);
      FloatVector n0 = shifted.sub(magic);
      FloatVector high = n0.fma(FloatVector.broadcast(FLOAT, -FloatExponential.LN2_HIGH), x);
      FloatVector r = n0.fma(FloatVector.broadcast(FLOAT, -FloatExponential.LN2_LOW), high);
      FloatVector p = c4.fma(r, c3).fma(r, c2).fma(r, c1).fma(r, c0);
      FloatVector sum = r.mul(r).fma(p, r).add(1);
      IntVector exponent = shifted.reinterpretAsInts().sub(FloatExponential.MAGIC_BITS);
      IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
      IntVector rest = exponent.sub(half);
      FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector second = rest.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      sum.mul(first).mul(second).intoArray(y, i);
    }
  }

  /** {@code -factor |x|}. */
  private static void negate(float[] x, int from, float factor, float[] a, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOAT, x, from + i).abs().mul(-factor).intoArray(a, i);
    }
  }

  private static void scale(float[] x, int from, float factor, float[] b, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(FLOAT, x, from + i).mul(factor).intoArray(b, i);
    }
  }

  private static void multiply(float[] x, int from, float[] b, float[] y, int to, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector factor = FloatVector.fromArray(FLOAT, b, i);
      FloatVector.fromArray(FLOAT, x, from + i).mul(factor).intoArray(y, to + i);
    }
  }

  private static void finishSigmoid(float[] x, int from, float[] a, float[] y, int to, int n) {
    FloatVector one = FloatVector.broadcast(FLOAT, 1);
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, from + i);
      FloatVector z = FloatVector.fromArray(FLOAT, a, i);
      z.blend(one, v.compare(VectorOperators.GE, 0)).div(z.add(1)).intoArray(y, to + i);
    }
  }

  private static void finishSwish(float[] x, int from, float[] a, float[] y, int to, int n) {
    FloatVector one = FloatVector.broadcast(FLOAT, 1);
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, from + i);
      FloatVector z = FloatVector.fromArray(FLOAT, a, i);
      FloatVector gate = z.blend(one, v.compare(VectorOperators.GE, 0)).div(z.add(1));
      v.mul(gate).intoArray(y, to + i);
    }
  }

  private static void finishTanh(float[] x, int from, float[] a, float[] y, int to, int n) {
    FloatVector one = FloatVector.broadcast(FLOAT, 1);
    FloatVector c0 = FloatVector.broadcast(FLOAT, RealFunction.tanhSeries(0));
    FloatVector c1 = FloatVector.broadcast(FLOAT, RealFunction.tanhSeries(1));
    FloatVector c2 = FloatVector.broadcast(FLOAT, RealFunction.tanhSeries(2));
    FloatVector c3 = FloatVector.broadcast(FLOAT, RealFunction.tanhSeries(3));
    FloatVector c4 = FloatVector.broadcast(FLOAT, RealFunction.tanhSeries(4));
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, from + i);
      FloatVector z = FloatVector.fromArray(FLOAT, a, i);
      FloatVector large = one.sub(z).div(one.add(z));
      IntVector sign = v.reinterpretAsInts().and(SIGN);
      FloatVector signed = large.reinterpretAsInts().and(~SIGN).or(sign).reinterpretAsFloats();
      FloatVector s = v.mul(v);
      FloatVector p = c4.fma(s, c3).fma(s, c2).fma(s, c1).fma(s, c0);
      FloatVector small = v.mul(s).fma(p, v);
      signed
          .blend(small, v.abs().compare(VectorOperators.LT, RealFunction.TANH_SMALL))
          .intoArray(y, to + i);
    }
  }

  private static void logarithm(float[] x, int from, float[] a, int n) {
    FloatVector c0 = FloatVector.broadcast(FLOAT, RealFunction.erfcLogarithm(0));
    FloatVector c1 = FloatVector.broadcast(FLOAT, RealFunction.erfcLogarithm(1));
    FloatVector c2 = FloatVector.broadcast(FLOAT, RealFunction.erfcLogarithm(2));
    FloatVector c3 = FloatVector.broadcast(FLOAT, RealFunction.erfcLogarithm(3));
    FloatVector c4 = FloatVector.broadcast(FLOAT, RealFunction.erfcLogarithm(4));
    FloatVector c5 = FloatVector.broadcast(FLOAT, RealFunction.erfcLogarithm(5));
    FloatVector c6 = FloatVector.broadcast(FLOAT, RealFunction.erfcLogarithm(6));
    FloatVector c7 = FloatVector.broadcast(FLOAT, RealFunction.erfcLogarithm(7));
    for (int i = 0; i < n; i += LANES) {
      FloatVector t = FloatVector.fromArray(FLOAT, x, from + i).abs().min(RealFunction.ERF_LARGE);
      c7.fma(t, c6)
          .fma(t, c5)
          .fma(t, c4)
          .fma(t, c3)
          .fma(t, c2)
          .fma(t, c1)
          .fma(t, c0)
          .intoArray(a, i);
    }
  }

  private static void finishErf(float[] x, int from, float[] a, float[] y, int to, int n) {
    FloatVector one = FloatVector.broadcast(FLOAT, 1);
    FloatVector c0 = FloatVector.broadcast(FLOAT, RealFunction.erfSeries(0));
    FloatVector c1 = FloatVector.broadcast(FLOAT, RealFunction.erfSeries(1));
    FloatVector c2 = FloatVector.broadcast(FLOAT, RealFunction.erfSeries(2));
    FloatVector c3 = FloatVector.broadcast(FLOAT, RealFunction.erfSeries(3));
    FloatVector c4 = FloatVector.broadcast(FLOAT, RealFunction.erfSeries(4));
    FloatVector c5 = FloatVector.broadcast(FLOAT, RealFunction.erfSeries(5));
    FloatVector c6 = FloatVector.broadcast(FLOAT, RealFunction.erfSeries(6));
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, from + i);
      FloatVector large = one.sub(FloatVector.fromArray(FLOAT, a, i));
      IntVector sign = v.reinterpretAsInts().and(SIGN);
      FloatVector signed = large.reinterpretAsInts().and(~SIGN).or(sign).reinterpretAsFloats();
      FloatVector s = v.mul(v);
      FloatVector p = c6.fma(s, c5).fma(s, c4).fma(s, c3).fma(s, c2).fma(s, c1).fma(s, c0);
      FloatVector small = v.fma(p, v);
      signed.blend(small, v.abs().compare(VectorOperators.LE, 1)).intoArray(y, to + i);
    }
  }

  private static void finishGelu(float[] x, int from, float[] b, float[] y, int to, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, from + i);
      v.mul(0.5f).mul(FloatVector.fromArray(FLOAT, b, i).add(1)).intoArray(y, to + i);
    }
  }

  private static void cubic(float[] x, int from, float[] b, int n) {
    FloatVector third = FloatVector.broadcast(FLOAT, RealFunction.GELU_CUBIC);
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, from + i);
      v.mul(v).mul(v).fma(third, v.mul(RealFunction.GELU_LINEAR)).intoArray(b, i);
    }
  }
}
