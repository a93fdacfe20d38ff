package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Passes over runs of floats whose results do not depend on an order. */
final class FloatRuns {
  private FloatRuns() {}

  static void max(float[] x, int from, float[] y, int to, int count) {
    int end = count - count % LANES;
    for (int i = 0; i < end; i += LANES) {
      FloatVector other = FloatVector.fromArray(FLOAT, x, from + i);
      FloatVector.fromArray(FLOAT, y, to + i).max(other).intoArray(y, to + i);
    }
    for (int i = end; i < count; i++) {
      y[to + i] = Math.max(y[to + i], x[from + i]);
    }
  }

  static void extremes(float[] x, int from, int count, float[] extremes) {
    FloatVector low = FloatVector.broadcast(FLOAT, extremes[0]);
    FloatVector high = FloatVector.broadcast(FLOAT, extremes[1]);
    int end = count - count % LANES;
    for (int i = 0; i < end; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOAT, x, from + i);
      low = low.min(v);
      high = high.max(v);
    }
    float smallest = low.reduceLanes(VectorOperators.MIN);
    float largest = high.reduceLanes(VectorOperators.MAX);
    for (int i = end; i < count; i++) {
      smallest = Math.min(smallest, x[from + i]);
      largest = Math.max(largest, x[from + i]);
    }
    extremes[0] = smallest;
    extremes[1] = largest;
  }
}
