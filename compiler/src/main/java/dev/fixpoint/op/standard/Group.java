package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * The terms of a reduction: intervals and moves of distinct entries, each of which stands for as
 * many elements.
 *
 * @param terms intervals
 * @param moves how far each moves; as many zeros where nothing does
 * @param times for how many elements each stands
 */
record Group(Interval[] terms, double[] moves, Interval times) {
  /** Number of elements, from above; infinite where not known. */
  double count() {
    return terms.length * times.high();
  }

  /** The sum of an image of every term. */
  Interval sum(UnaryOperator<Interval> image) {
    Interval sum = Interval.ZERO;
    for (Interval term : terms) {
      sum = sum.plus(image.apply(term));
    }
    return times.high() == 1 && times.low() == 1 ? sum : sum.times(times);
  }

  /** The sum of the absolute values of all terms, from above. */
  double absoluteSum() {
    return sum(term -> Interval.point(term.magnitude())).high();
  }

  /** The sum of all moves, each times a weight of its term, from above. */
  double sumOfMoves(ToDoubleFunction<Interval> weight) {
    double sum = 0;
    for (int i = 0; i < terms.length; i++) {
      sum =
          Outward.addUp(
              sum, Outward.multiplyUp(moves[i], Math.nextUp(weight.applyAsDouble(terms[i]))));
    }
    return Outward.multiplyUp(sum, times.high());
  }

  /** The mean of all moves, from above. */
  double meanMove() {
    return Outward.divideUp(Arrays.stream(moves).reduce(0, Outward::addUp), moves.length);
  }

  /** The largest move. */
  double largestMove() {
    return Arrays.stream(moves).max().orElse(0);
  }

  /** The interval of the largest of all terms; all numbers where there is none. */
  Interval largest() {
    if (times.high() == 0) {
      return Interval.ALL;
    }
    return Arrays.stream(terms)
        .reduce((a, b) -> new Interval(Math.max(a.low(), b.low()), Math.max(a.high(), b.high())))
        .orElse(Interval.ALL);
  }

  /** The interval of the smallest of all terms; all numbers where there is none. */
  Interval smallest() {
    if (times.high() == 0) {
      return Interval.ALL;
    }
    return Arrays.stream(terms)
        .reduce((a, b) -> new Interval(Math.min(a.low(), b.low()), Math.min(a.high(), b.high())))
        .orElse(Interval.ALL);
  }
}
