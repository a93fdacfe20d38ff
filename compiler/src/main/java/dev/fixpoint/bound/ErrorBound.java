package dev.fixpoint.bound;

import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/**
 * A bound on the absolute difference of two tensors, in stored values; for integer tensors the unit
 * is the integer step. Arithmetic rounds up.
 *
 * <p>"Unknown" is a value: {@link Unbounded} carries the reason, survives every operation, and
 * fails every check.
 */
public sealed interface ErrorBound {
  /** The bound of equal bits. */
  ErrorBound EXACT = new Exact();

  /** Equal bits. */
  record Exact() implements ErrorBound {
    @Override
    public String toString() {
      return "exact";
    }
  }

  /**
   * The same bound for all elements.
   *
   * @param value largest absolute difference, positive
   */
  record Uniform(double value) implements ErrorBound {
    @Override
    public String toString() {
      return "≤ " + Numbers.shortText(value);
    }
  }

  /**
   * A bound for each index of an axis.
   *
   * @param axis position of the axis, 0 or more
   * @param values largest absolute difference for each index
   */
  record PerChannel(int axis, double... values) implements ErrorBound {
    /** Keeps a copy of the values. */
    public PerChannel {
      values = values.clone();
    }

    @Override
    public double[] values() {
      return values.clone();
    }

    @Override
    public String toString() {
      return "≤ " + Numbers.shortText(max()) + " (by channel)";
    }
  }

  /**
   * A bound for each element, in row-major order.
   *
   * @param values largest absolute difference for each element
   */
  record PerElement(double... values) implements ErrorBound {
    /** Keeps a copy of the values. */
    public PerElement {
      values = values.clone();
    }

    @Override
    public double[] values() {
      return values.clone();
    }

    @Override
    public String toString() {
      return "≤ " + Numbers.shortText(max()) + " (by element)";
    }
  }

  /**
   * No bound can be given.
   *
   * @param reason what is missing, for people
   */
  record Unbounded(String reason) implements ErrorBound {
    @Override
    public String toString() {
      return "unbounded: " + reason;
    }
  }

  /** The bound that holds for all elements alike. */
  static ErrorBound uniform(double value) {
    return of(Spread.UNIFORM, value);
  }

  /** A bound for each index of an axis. */
  static ErrorBound perChannel(int axis, double... values) {
    return of(new Spread.Along(axis, values.length), values);
  }

  /** A bound for each element, in row-major order. */
  static ErrorBound perElement(double... values) {
    return of(new Spread.Elements(values.length), values);
  }

  /** No bound, for the given reason. */
  static ErrorBound unbounded(String reason) {
    return new Unbounded(reason);
  }

  /** The bound with the given spread; infinities and NaN give {@link Unbounded}. */
  static ErrorBound of(Spread spread, double... values) {
    for (double value : values) {
      if (value < 0) {
        throw new IllegalArgumentException("an error bound cannot be negative: " + value);
      }
      if (!(value <= Double.MAX_VALUE)) {
        return new Unbounded("the bound of some element is not finite");
      }
    }
    if (Arrays.stream(values).allMatch(v -> v == 0)) {
      return EXACT;
    }
    return switch (spread) {
      case Spread.Uniform _ -> new Uniform(values[0]);
      case Spread.Along along -> new PerChannel(along.axis(), values);
      case Spread.Elements _ -> new PerElement(values);
    };
  }

  /** How the values of this bound spread over the tensor. */
  default Spread spread() {
    return switch (this) {
      case Exact _, Uniform _, Unbounded _ -> Spread.UNIFORM;
      case PerChannel bound -> new Spread.Along(bound.axis, bound.values.length);
      case PerElement bound -> new Spread.Elements(bound.values.length);
    };
  }

  /** The values with the spread {@link #spread()}; infinity where unbounded. */
  default double[] allowances() {
    return switch (this) {
      case Exact _ -> new double[] {0};
      case Uniform bound -> new double[] {bound.value};
      case PerChannel bound -> bound.values();
      case PerElement bound -> bound.values();
      case Unbounded _ -> new double[] {Double.POSITIVE_INFINITY};
    };
  }

  /** Whether this is a bound at all. */
  default boolean isBounded() {
    return !(this instanceof Unbounded);
  }

  /** The largest value: infinity where unbounded, 0 where exact. */
  default double max() {
    return Arrays.stream(allowances()).max().orElse(0);
  }

  /** The value for an element of a tensor of the given static shape, by row-major position. */
  default double at(long flat, Shape shape) {
    return switch (this) {
      case Exact _ -> 0;
      case Uniform bound -> bound.value;
      case PerChannel bound -> bound.values[spread().indexOf(flat, shape)];
      case PerElement bound -> bound.values[(int) flat];
      case Unbounded _ -> Double.POSITIVE_INFINITY;
    };
  }

  /** This bound with one value for all elements. */
  default ErrorBound uniform() {
    return switch (this) {
      case Exact _, Uniform _, Unbounded _ -> this;
      case PerChannel _, PerElement _ -> uniform(max());
    };
  }

  /** The bound after another difference is added. */
  default ErrorBound plus(ErrorBound other) {
    return combine(other, Outward::addUp);
  }

  /** The bound that holds for both. */
  default ErrorBound join(ErrorBound other) {
    return combine(other, Math::max);
  }

  /** The smaller of two bounds that both hold. */
  default ErrorBound meet(ErrorBound other) {
    if (this instanceof Unbounded) {
      return other;
    }
    return other instanceof Unbounded ? this : combine(other, Math::min);
  }

  /** The bound after a step that enlarges differences by at most a gain. */
  default ErrorBound scaledBy(Gain gain) {
    if (!(this instanceof Unbounded)) {
      ErrorBound factors = of(gain.spread(), gain.factors());
      return combine(factors, Outward::multiplyUp);
    }
    return this;
  }

  /** The bound after a step that enlarges differences by at most a factor. */
  default ErrorBound scaledBy(double factor) {
    return scaledBy(Gain.of(factor));
  }

  private ErrorBound combine(ErrorBound other, DoubleBinaryOperator function) {
    if (this instanceof Unbounded) {
      return this;
    }
    if (other instanceof Unbounded) {
      return other;
    }
    Spread common = spread().meet(other.spread());
    double[] left = ErrorBound.over(this, common);
    double[] right = ErrorBound.over(other, common);
    double[] combined = new double[left.length];
    for (int i = 0; i < left.length; i++) {
      combined[i] = function.applyAsDouble(left[i], right[i]);
    }
    return of(common, combined);
  }

  private static double[] over(ErrorBound bound, Spread target) {
    double[] values = bound.allowances();
    if (bound.spread().equals(target)) {
      return values;
    }
    double[] expanded = new double[target.count()];
    Arrays.fill(expanded, bound.max());
    return expanded;
  }

  /**
   * Compares two tensors of the same type element by element. NaN agrees with NaN only, infinity
   * with the same infinity only.
   */
  default Verdict check(Tensor expected, Tensor actual) {
    return Verdict.of(this, expected, actual);
  }
}
