package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;

/**
 * A function of the bits of two integers. Nothing is claimed of its values but that they fit the
 * type.
 *
 * @param bits the function
 */
record BitFunction(Bits bits) implements BinaryFunction {
  /** A function of two integers of a type. */
  @FunctionalInterface
  interface Bits {
    long of(long a, long b, ElementType type);
  }

  static BinaryFunction of(Bits bits) {
    return new BitFunction(bits);
  }

  @Override
  public double apply(double a, double b) {
    throw new IllegalArgumentException("bits are taken of integers only");
  }

  @Override
  public long applyInteger(long a, long b, ElementType type) {
    return bits.of(a, b, type);
  }

  @Override
  public Interval image(Interval a, Interval b, ElementType type) {
    return Transfers.all(type);
  }

  @Override
  public double shift(Interval a, Interval b, double moveA, double moveB, ElementType type) {
    return Double.POSITIVE_INFINITY;
  }
}
