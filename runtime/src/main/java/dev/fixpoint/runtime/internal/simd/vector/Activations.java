package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.kernel.Scratch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Activations over a run of floats whose length is a multiple of the vector's.
 *
 * <p>A comparison and a blend is Java's {@code max} and {@code min}, NaN and signed zeros included,
 * for bounds where {@link #isOrdinary} holds, and takes a third of the instructions.
 */
final class Activations {
  private static final float SIXTH = 1 / 6f;
  private static final int NEGATIVE_ZERO = 0x80000000;

  private Activations() {}

  static void run(Activation activation, float[] x, int count, Scratch scratch) {
    switch (activation) {
      case Activation.None _ -> {}
      case Activation.Relu _ -> relu(x, count);
      case Activation.Clip clip -> clip(x, count, clip.low(), clip.high());
      case Activation.LeakyRelu leaky -> leakyRelu(x, count, leaky.alpha());
      case Activation.HardSigmoid hard -> hardSigmoid(x, count, hard.alpha(), hard.beta());
      case Activation.HardSwish _ -> hardSwish(x, count);
      case Activation.Swish _ -> FunctionRuns.swish(x, count, scratch);
    }
  }

  private static void relu(float[] x, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, i);
      v.blend(0, v.compare(VectorOperators.LE, 0)).intoArray(x, i);
    }
  }

  /** Whether bounds are numbers, the lower one not -0 and the upper one not +0. */
  static boolean isOrdinary(float low, float high) {
    return low <= high && Float.floatToRawIntBits(low) != NEGATIVE_ZERO && !isPositiveZero(high);
  }

  private static boolean isPositiveZero(float x) {
    return Float.floatToRawIntBits(x) == 0;
  }

  private static void clip(float[] x, int count, float low, float high) {
    if (isOrdinary(low, high)) {
      for (int i = 0; i < count; i += LANES) {
        FloatVector v = FloatVector.fromArray(FLOAT, x, i);
        v = v.blend(low, v.compare(VectorOperators.LE, low));
        v.blend(high, v.compare(VectorOperators.GE, high)).intoArray(x, i);
      }
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromArray(FLOAT, x, i).max(low).min(high).intoArray(x, i);
    }
  }

  private static void leakyRelu(float[] x, int count, float alpha) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, i);
      v.mul(alpha).blend(v, v.compare(VectorOperators.GE, 0)).intoArray(x, i);
    }
  }

  private static void hardSigmoid(float[] x, int count, float alpha, float beta) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, i);
      v.mul(alpha).add(beta).min(1).max(0).intoArray(x, i);
    }
  }

  private static void hardSwish(float[] x, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, i);
      v.mul(v.mul(SIXTH).add(0.5f).min(1).max(0)).intoArray(x, i);
    }
  }
}
