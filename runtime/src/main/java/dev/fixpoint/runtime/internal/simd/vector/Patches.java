package dev.fixpoint.runtime.internal.simd.vector;

import static dev.fixpoint.runtime.internal.simd.vector.Species.FLOAT;
import static dev.fixpoint.runtime.internal.simd.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;

/** Copies of short runs by whole vectors that overlap what is written next. */
final class Patches {
  private Patches() {}

  /** Copies at least {@code count} floats; both arrays have a vector of slack beyond them. */
  static void copy(float[] from, int at, float[] to, int target, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromArray(FLOAT, from, at + i).intoArray(to, target + i);
    }
  }
}
