package dev.fixpoint.bound;

import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The intervals in which the elements of a tensor lie: one for all, one for each index of an axis,
 * or one for each element.
 */
public final class Range {
  /** Nothing known: every real number is possible everywhere. */
  public static final Range ALL = of(Interval.ALL);

  private final Spread spread;
  private final List<Interval> intervals;

  private Range(Spread spread, List<Interval> intervals) {
    if (spread.count() != intervals.size()) {
      throw new IllegalArgumentException(
          spread + " takes " + spread.count() + " intervals, not " + intervals.size());
    }
    this.spread = spread;
    this.intervals = intervals;
  }

  /** The same interval for all elements. */
  public static Range of(Interval interval) {
    return new Range(Spread.UNIFORM, List.of(interval));
  }

  /** The interval [low, high] for all elements. */
  public static Range of(double low, double high) {
    return of(new Interval(low, high));
  }

  /** An interval for each index of an axis (0 or more). */
  public static Range perChannel(int axis, List<Interval> intervals) {
    return new Range(new Spread.Along(axis, intervals.size()), List.copyOf(intervals));
  }

  /** An interval for each element, in row-major order. */
  public static Range perElement(List<Interval> intervals) {
    return new Range(new Spread.Elements(intervals.size()), List.copyOf(intervals));
  }

  /** The range that holds exactly the elements of a numeric tensor. NaN counts as anything. */
  public static Range ofTensor(Tensor tensor) {
    List<Interval> points = new ArrayList<>();
    for (double value : tensor.toDoubles()) {
      points.add(Double.isNaN(value) ? Interval.ALL : Interval.point(value));
    }
    return perElement(points);
  }

  /**
   * The smallest range with one interval that holds the elements of a numeric tensor: all numbers
   * where one of them is NaN, zero where there are none.
   */
  public static Range hullOf(Tensor tensor) {
    double low = 0;
    double high = 0;
    double[] elements = tensor.toDoubles();
    for (int i = 0; i < elements.length; i++) {
      if (Double.isNaN(elements[i])) {
        return ALL;
      }
      low = i == 0 ? elements[i] : Math.min(low, elements[i]);
      high = i == 0 ? elements[i] : Math.max(high, elements[i]);
    }
    return of(low, high);
  }

  /** How the intervals spread over the tensor. */
  public Spread spread() {
    return spread;
  }

  /** The intervals, as many as the spread asks for. */
  public List<Interval> intervals() {
    return intervals;
  }

  /** The interval of an element of a tensor of the given static shape, by row-major position. */
  public Interval at(long flat, Shape shape) {
    return intervals.get(spread.indexOf(flat, shape));
  }

  /** The smallest interval that holds all elements; zero for a tensor without elements. */
  public Interval hull() {
    return intervals.stream().reduce(Interval::join).orElse(Interval.ZERO);
  }

  /** Largest absolute value of an element. */
  public double magnitude() {
    return hull().magnitude();
  }

  /** Whether every element has finite bounds. */
  public boolean isBounded() {
    return intervals.stream().allMatch(Interval::isBounded);
  }

  /** This range with one interval for all elements. */
  public Range uniform() {
    return spread instanceof Spread.Uniform ? this : of(hull());
  }

  /** The range after a function of single elements. */
  public Range map(UnaryOperator<Interval> function) {
    return new Range(spread, intervals.stream().map(function).toList());
  }

  /**
   * The range after a function of two elements at the same position of tensors of the same shape.
   */
  public Range combine(Range other, BinaryOperator<Interval> function) {
    Spread common = spread.meet(other.spread);
    List<Interval> left = over(common);
    List<Interval> right = other.over(common);
    List<Interval> combined = new ArrayList<>(left.size());
    for (int i = 0; i < left.size(); i++) {
      combined.add(function.apply(left.get(i), right.get(i)));
    }
    return new Range(common, combined);
  }

  /** The smallest range that holds both. */
  public Range join(Range other) {
    return combine(other, Interval::join);
  }

  /** What lies in both; one of both must hold every element that is asked for. */
  public Range meet(Range other) {
    return combine(other, Interval::meet);
  }

  /** This range and everything at most an error away. */
  public Range widened(ErrorBound error) {
    if (!error.isBounded()) {
      return ALL;
    }
    Spread common = spread.meet(error.spread());
    double[] allowances = error.allowances();
    List<Interval> mine = over(common);
    List<Interval> widened = new ArrayList<>(mine.size());
    for (int i = 0; i < mine.size(); i++) {
      double distance = error.spread().equals(common) ? allowances[i] : error.max();
      widened.add(mine.get(i).widened(distance));
    }
    return new Range(common, widened);
  }

  /** How far an element in this range can be from one in another, at the same position. */
  public ErrorBound distance(Range other) {
    Spread common = spread.meet(other.spread);
    List<Interval> left = over(common);
    List<Interval> right = other.over(common);
    double[] distances = new double[left.size()];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = left.get(i).distance(right.get(i));
    }
    return ErrorBound.of(common, distances);
  }

  /** Whether every element of a tensor lies in its interval. */
  public boolean contains(Tensor tensor) {
    double[] values = tensor.toDoubles();
    for (int i = 0; i < values.length; i++) {
      if (!at(i, tensor.shape()).contains(values[i])) {
        return false;
      }
    }
    return true;
  }

  private List<Interval> over(Spread target) {
    if (spread.equals(target)) {
      return intervals;
    }
    return Collections.nCopies(target.count(), hull());
  }

  @Override
  public String toString() {
    return spread instanceof Spread.Uniform
        ? intervals.getFirst().toString()
        : hull() + " (" + spread.count() + " intervals)";
  }
}
