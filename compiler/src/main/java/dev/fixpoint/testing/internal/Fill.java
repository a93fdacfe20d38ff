package dev.fixpoint.testing.internal;

/** What the elements of a constant are for, so that they make sense often enough. */
enum Fill {
  /** Any numbers. */
  ANY,
  /** Numbers above zero, and now and then zero: variances. */
  VARIANCE,
  /** Steps of a quantizer: powers of two and odd numbers about 1/16. */
  STEP,
  /** Integers at the ends and in the middle of their type. */
  ZERO_POINT,
  /** Integers of an accumulator. */
  BIAS,
  /** One or zero. */
  FLAG
}
