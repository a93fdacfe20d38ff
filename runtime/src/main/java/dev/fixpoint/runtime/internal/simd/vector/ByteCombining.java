package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE;
import static dev.fixpoint.runtime.internal.simd.vector.Species.BYTE_LANES;
import static dev.fixpoint.runtime.internal.simd.vector.Species.PARTS;

import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.runtime.internal.simd.Affine8;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Sums and products of runs of bytes. */
final class ByteCombining {
  private ByteCombining() {}

  static void combine(
      boolean multiply,
      byte[] a,
      int fromA,
      int stepA,
      Affine8 sourceA,
      byte[] b,
      int fromB,
      int stepB,
      Affine8 sourceB,
      Activation activation,
      byte[] y,
      int to,
      Affine8 target,
      int count) {
    boolean fast = activation instanceof Activation.None || activation instanceof Activation.Relu;
    int end = fast ? count - count % BYTE_LANES : 0;
    if (end > 0) {
      boolean relu = activation instanceof Activation.Relu;
      whole(multiply, relu, a, fromA, stepA, sourceA, b, fromB, stepB, sourceB, y, to, target, end);
    }
    for (int i = end; i < count; i++) {
      float left = sourceA.real(a[fromA + i * stepA]);
      float right = sourceB.real(b[fromB + i * stepB]);
      float combined = multiply ? left * right : left + right;
      y[to + i] = target.quantize(activation.applyFloat(combined));
    }
  }

  private static void whole(
      boolean multiply,
      boolean relu,
      byte[] a,
      int fromA,
      int stepA,
      Affine8 sourceA,
      byte[] b,
      int fromB,
      int stepB,
      Affine8 sourceB,
      byte[] y,
      int to,
      Affine8 target,
      int end) {
    byte flipA = ByteRuns.flip(sourceA);
    byte flipB = ByteRuns.flip(sourceB);
    float zeroA = ByteRuns.zero(sourceA);
    float zeroB = ByteRuns.zero(sourceB);
    float scaleA = sourceA.scale();
    float scaleB = sourceB.scale();
    float divisor = target.scale();
    int zero = target.zeroPoint();
    // A clamp at zero commutes with the rounding: Relu is a higher lower bound.
    float low = relu ? 0 : target.low() - zero;
    float high = target.high() - zero;
    for (int i = 0; i < end; i += BYTE_LANES) {
      ByteVector left = operand(a, fromA + i * stepA, stepA, flipA);
      ByteVector right = operand(b, fromB + i * stepB, stepB, flipB);
      FloatVector p = Widening.floats(left, 0).sub(zeroA).mul(scaleA);
      FloatVector q = Widening.floats(right, 0).sub(zeroB).mul(scaleB);
      FloatVector v = (multiply ? p.mul(q) : p.add(q)).div(divisor);
      if (PARTS == 1) {
        Rounding8.bytes(Rounding8.round(Rounding8.clamp(v, low, high), zero)).intoArray(y, to + i);
      } else {
        FloatVector r = Widening.floats(left, 1).sub(zeroA).mul(scaleA);
        FloatVector s = Widening.floats(right, 1).sub(zeroB).mul(scaleB);
        FloatVector w = (multiply ? r.mul(s) : r.add(s)).div(divisor);
        Rounding8.bytes(
                Rounding8.round(Rounding8.clamp(v, low, high), zero),
                Rounding8.round(Rounding8.clamp(w, low, high), zero))
            .intoArray(y, to + i);
      }
    }
  }

  private static ByteVector operand(byte[] x, int at, int step, byte flip) {
    return step == 0
        ? ByteVector.broadcast(BYTE, (byte) (x[at] ^ flip))
        : ByteVector.fromArray(BYTE, x, at).lanewise(VectorOperators.XOR, flip);
  }
}
