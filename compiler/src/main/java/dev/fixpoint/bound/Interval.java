package dev.fixpoint.bound;

import java.util.function.DoubleUnaryOperator;

/**
 * A closed interval of real numbers, possibly unbounded. Arithmetic rounds outward: the result
 * holds every exact result of members.
 *
 * @param low smallest member
 * @param high largest member
 */
public record Interval(double low, double high) {
  /** All real numbers. */
  public static final Interval ALL =
      new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** The interval that holds zero alone. */
  public static final Interval ZERO = new Interval(0, 0);

  /** Refuses NaN and an order of bounds that leaves the interval empty. */
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("not an interval: [" + low + ", " + high + "]");
    }
  }

  /** The interval that holds one number. */
  public static Interval point(double value) {
    return new Interval(value, value);
  }

  /** The interval [-magnitude, magnitude]. */
  public static Interval symmetric(double magnitude) {
    return new Interval(-magnitude, magnitude);
  }

  /** Whether both bounds are finite. */
  public boolean isBounded() {
    return low > Double.NEGATIVE_INFINITY && high < Double.POSITIVE_INFINITY;
  }

  /** Whether a number is a member. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Whether every member of another interval is a member. */
  public boolean contains(Interval other) {
    return low <= other.low && other.high <= high;
  }

  /** Largest absolute value of a member. */
  public double magnitude() {
    return Math.max(Math.abs(low), Math.abs(high));
  }

  /** Distance between the bounds, from above. */
  public double width() {
    return Outward.addUp(high, -low);
  }

  /** Sums of members. */
  public Interval plus(Interval other) {
    return new Interval(Outward.addDown(low, other.low), Outward.addUp(high, other.high));
  }

  /** Differences of members. */
  public Interval minus(Interval other) {
    return plus(other.negated());
  }

  /** Negated members. */
  public Interval negated() {
    return new Interval(-high, -low);
  }

  /** Products of members. */
  public Interval times(Interval other) {
    double lowest =
        Math.min(
            Math.min(Outward.multiplyDown(low, other.low), Outward.multiplyDown(low, other.high)),
            Math.min(
                Outward.multiplyDown(high, other.low), Outward.multiplyDown(high, other.high)));
    double highest =
        Math.max(
            Math.max(Outward.multiplyUp(low, other.low), Outward.multiplyUp(low, other.high)),
            Math.max(Outward.multiplyUp(high, other.low), Outward.multiplyUp(high, other.high)));
    return new Interval(lowest, highest);
  }

  /** Members times a constant. */
  public Interval times(double factor) {
    return times(point(factor));
  }

  /** The smallest interval that holds both. */
  public Interval join(Interval other) {
    return new Interval(Math.min(low, other.low), Math.max(high, other.high));
  }

  /** The members of both; where there is none, the end of this interval that is nearest. */
  public Interval meet(Interval other) {
    double highest = Math.min(high, other.high);
    double lowest = Math.max(low, other.low);
    if (lowest <= highest) {
      return new Interval(lowest, highest);
    }
    return point(other.high < low ? low : high);
  }

  /** The largest distance of a member of this from a member of another. */
  public double distance(Interval other) {
    return Math.max(Outward.addUp(other.high, -low), Outward.addUp(high, -other.low));
  }

  /** Members moved into [min, max]. */
  public Interval clamped(double min, double max) {
    return new Interval(Math.clamp(low, min, max), Math.clamp(high, min, max));
  }

  /** Members and everything at most {@code distance} away from one. */
  public Interval widened(double distance) {
    return new Interval(Outward.addDown(low, -distance), Outward.addUp(high, distance));
  }

  /**
   * The image under a function that never decreases and whose computed values are within one unit
   * in the last place of the exact ones, as those of {@link Math}.
   */
  public Interval increasing(DoubleUnaryOperator function) {
    double lowest = function.applyAsDouble(low);
    double highest = function.applyAsDouble(high);
    return new Interval(Math.nextDown(lowest), Math.nextUp(highest));
  }

  @Override
  public String toString() {
    return "[" + low + ", " + high + "]";
  }
}
