package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;

/** A function of two real numbers with what analyses need to know of it. */
interface BinaryFunction {
  /** The value at a point, in double. */
  double apply(double a, double b);

  /** The value at a point of integers; the lowest bits count. Unsigned 64-bit numbers as bits. */
  long applyInteger(long a, long b, ElementType type);

  /**
   * An interval that holds the values in a type, before they wrap around; all numbers where one is
   * not defined.
   */
  Interval image(Interval a, Interval b, ElementType type);

  /** As {@link #image} where both operands are the same value. */
  default Interval imageOfSame(Interval a, ElementType type) {
    return image(a, a, type);
  }

  /**
   * How far the value moves at most, from above, when the arguments move by the given distances
   * within their intervals; infinity where there is no bound but the image.
   */
  double shift(Interval a, Interval b, double moveA, double moveB, ElementType type);

  /** Whether the value needs no rounding in the type of the arguments. */
  default boolean isExact() {
    return false;
  }

  /**
   * Distance of a value computed in floating point from the correctly rounded one: 0 where IEEE 754
   * asks for correct rounding.
   *
   * @param y value
   * @param ulp relative distance of neighbouring numbers, twice the unit roundoff
   */
  default double roundoff(double a, double b, double y, double ulp) {
    return 0;
  }
}
