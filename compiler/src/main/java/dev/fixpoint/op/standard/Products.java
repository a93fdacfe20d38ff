package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import java.util.Arrays;

/** Intervals and moves of products of many factors. */
final class Products {
  /** Most factors that are multiplied one by one. */
  private static final double MOST = 4096;

  private Products() {}

  /** An interval that holds the product of a group. */
  static Interval image(Group group) {
    if (!(group.count() <= MOST) || group.times().low() != group.times().high()) {
      return unitOrAll(group);
    }
    Interval product = Interval.point(1);
    for (Interval term : group.terms()) {
      for (int i = 0; i < group.times().high(); i++) {
        product = product.times(term);
      }
    }
    return product;
  }

  /** An interval that holds the products of none to all terms of a group of one entry. */
  static Interval powers(Group group) {
    double magnitude = group.terms()[0].magnitude();
    boolean positive = group.terms()[0].low() >= 0;
    double largest = 1;
    if (magnitude > 1) {
      boolean few = group.count() <= MOST;
      largest = few ? Math.pow(magnitude, group.count()) * (1 + 0x1p-40) : Double.POSITIVE_INFINITY;
    }
    return new Interval(positive ? 0 : -largest, largest);
  }

  private static Interval unitOrAll(Group group) {
    boolean small = Arrays.stream(group.terms()).allMatch(term -> term.magnitude() <= 1);
    boolean positive = Arrays.stream(group.terms()).allMatch(term -> term.low() >= 0);
    if (small) {
      return new Interval(positive ? 0 : -1, 1);
    }
    return positive ? new Interval(0, Double.POSITIVE_INFINITY) : Interval.ALL;
  }

  /**
   * How far a product moves: with magnitudes m and moves e, at most {@code Σ eᵢ Πⱼ mⱼ} over the
   * others j, by changing one factor after the other.
   */
  static double shift(Group group) {
    double[] shifts = shifts(group);
    return shifts.length == 0 ? 0 : shifts[shifts.length - 1];
  }

  /** How far the products of none to all terms move at most. */
  static double largestShift(Group group) {
    return Arrays.stream(shifts(group)).max().orElse(0);
  }

  /** How far the products of ever more terms move. */
  private static double[] shifts(Group group) {
    if (!(group.count() <= MOST)) {
      return new double[] {Double.POSITIVE_INFINITY};
    }
    double[] shifts = new double[(int) group.count()];
    double magnitude = 1;
    double moved = 0;
    int count = 0;
    for (int i = 0; i < group.terms().length; i++) {
      double factor = group.terms()[i].magnitude();
      for (int repeat = 0; repeat < group.times().high(); repeat++) {
        moved =
            Outward.addUp(
                Outward.multiplyUp(moved, factor), Outward.multiplyUp(magnitude, group.moves()[i]));
        magnitude = Outward.multiplyUp(magnitude, factor);
        shifts[count++] = moved;
      }
    }
    return shifts;
  }
}
