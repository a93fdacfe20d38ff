package dev.fixpoint.bound;

import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The outcome of comparing two tensors under a bound: the element that comes closest to its
 * allowance or exceeds it most.
 *
 * @param holds whether every element is within its allowance
 * @param index position of the worst element in each dimension; empty for tensors without elements
 * @param expected its expected value
 * @param actual its actual value
 * @param allowed its allowance
 * @param ratio largest observed difference over allowance; 0 where nothing differs, infinite where
 *     something differs that may not
 * @param reason why no verdict by numbers was possible, else empty
 */
public record Verdict(
    boolean holds,
    List<Integer> index,
    double expected,
    double actual,
    double allowed,
    double ratio,
    String reason) {

  static Verdict of(ErrorBound bound, Tensor expected, Tensor actual) {
    if (!expected.type().equals(actual.type())) {
      return failed("expected type " + expected.type() + " but got " + actual.type());
    }
    if (bound instanceof ErrorBound.Unbounded unbounded) {
      return failed(unbounded.toString());
    }
    double worst = -1;
    int at = 0;
    double[] expectedValues = expected.toDoubles();
    double[] actualValues = actual.toDoubles();
    for (int i = 0; i < expectedValues.length; i++) {
      double ratio = ratio(expectedValues[i], actualValues[i], bound.at(i, expected.shape()));
      if (ratio > worst) {
        worst = ratio;
        at = i;
      }
    }
    if (expectedValues.length == 0) {
      return new Verdict(true, List.of(), 0, 0, 0, 0, "");
    }
    return new Verdict(
        worst <= 1,
        position(at, expected.shape().intSizes()),
        expectedValues[at],
        actualValues[at],
        bound.at(at, expected.shape()),
        worst,
        "");
  }

  private static double ratio(double expected, double actual, double allowed) {
    boolean same = expected == actual || (Double.isNaN(expected) && Double.isNaN(actual));
    if (same) {
      return 0;
    }
    double difference = Math.abs(expected - actual);
    if (Double.isNaN(difference) || allowed == 0) {
      return Double.POSITIVE_INFINITY;
    }
    return difference / allowed;
  }

  private static Verdict failed(String reason) {
    return new Verdict(false, List.of(), 0, 0, 0, Double.POSITIVE_INFINITY, reason);
  }

  private static List<Integer> position(int flat, int[] sizes) {
    Integer[] index = new Integer[sizes.length];
    int rest = flat;
    for (int i = sizes.length - 1; i >= 0; i--) {
      index[i] = rest % sizes[i];
      rest /= sizes[i];
    }
    return Arrays.asList(index);
  }

  /** One line for people: where, what was expected, what came, what was allowed. */
  @Override
  public String toString() {
    if (!reason.isEmpty()) {
      return reason;
    }
    return (holds ? "holds" : "exceeded")
        + " at "
        + index
        + ": expected "
        + expected
        + ", got "
        + actual
        + ", allowed "
        + allowed
        + " (ratio "
        + ratio
        + ")";
  }
}
