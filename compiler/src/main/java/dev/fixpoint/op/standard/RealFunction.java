package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * A function of one real number with what analyses need to know of it. Values in double are within
 * a few ulps of the exact ones; {@link Images} widens by as much.
 */
interface RealFunction {
  /** The value at a point. */
  double apply(double x);

  /**
   * An interval that holds the exact and the computed values on an interval; all numbers where one
   * is not defined.
   */
  Interval image(Interval x);

  /** The steepest slope on an interval up to a few ulps; infinity where there is none. */
  double slope(Interval x);

  /** How far the value moves at most when the argument moves by {@code move} in an interval. */
  default double shift(Interval x, double move) {
    // A slope may underflow to zero.
    return Outward.multiplyUp(isExact() ? slope(x) : Math.nextUp(slope(x)), move);
  }

  /**
   * Distance of a value computed in floating point from the exact one.
   *
   * @param x argument
   * @param y value
   * @param ulp relative distance of neighbouring numbers, twice the unit roundoff
   */
  default double roundoff(double x, double y, double ulp) {
    return LIBRARY_ULPS * ulp * Math.abs(y);
  }

  /** Whether the value needs no rounding in the type of its argument. */
  default boolean isExact() {
    return false;
  }

  /**
   * Assumed accuracy of elementary functions of any float library, in units in the last place. CUDA
   * and Intel's vector libraries document up to 4 in their default modes, glibc up to 3.
   */
  double LIBRARY_ULPS = 4;

  /** A function that has to round. */
  static RealFunction of(
      DoubleUnaryOperator apply, UnaryOperator<Interval> image, ToDoubleFunction<Interval> slope) {
    return new Plain(apply, image, slope, false);
  }

  /** A function whose values need no rounding in the type of the argument. */
  static RealFunction exact(
      DoubleUnaryOperator apply, UnaryOperator<Interval> image, ToDoubleFunction<Interval> slope) {
    return new Plain(apply, image, slope, true);
  }

  /** A never decreasing function that has to round. */
  static RealFunction increasing(DoubleUnaryOperator apply, ToDoubleFunction<Interval> slope) {
    return of(apply, x -> Images.increasing(apply, x), slope);
  }

  /** A function from its parts. */
  record Plain(
      DoubleUnaryOperator value,
      UnaryOperator<Interval> images,
      ToDoubleFunction<Interval> slopes,
      boolean isExact)
      implements RealFunction {
    @Override
    public double apply(double x) {
      return value.applyAsDouble(x);
    }

    @Override
    public Interval image(Interval x) {
      return images.apply(x);
    }

    @Override
    public double slope(Interval x) {
      return slopes.applyAsDouble(x);
    }
  }
}
