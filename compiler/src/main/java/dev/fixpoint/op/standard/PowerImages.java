package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;

/** Where powers lie and how far they move, over intervals of base and exponent. */
final class PowerImages {
  private PowerImages() {}

  /** An interval of all powers; all numbers where one is not defined. */
  static Interval image(Interval base, Interval exponent) {
    if (base.low() > 0) {
      Interval low = Images.bent(b -> Math.pow(b, exponent.low()), base.low(), base);
      return low.join(Images.bent(b -> Math.pow(b, exponent.high()), base.low(), base))
          .clamped(0, Double.POSITIVE_INFINITY);
    }
    double n = exponent.low();
    boolean root = base.low() >= 0 && n >= 0;
    if (exponent.low() != exponent.high() || (n != Math.rint(n) && !root)) {
      return base.low() >= 0 && n >= 0 ? fromZero(base, exponent) : Interval.ALL;
    }
    if (n < 0 && base.contains(0)) {
      return Interval.ALL;
    }
    return Images.bent(b -> Math.pow(b, n), 0, base);
  }

  private static Interval fromZero(Interval base, Interval exponent) {
    double highest =
        Math.max(
            1,
            Math.max(
                Math.pow(base.high(), exponent.low()), Math.pow(base.high(), exponent.high())));
    return Images.increasing(x -> x, new Interval(0, highest)).clamped(0, Double.POSITIVE_INFINITY);
  }

  /** How far a power moves when base and exponent do. */
  static double shift(Interval base, Interval exponent, double moveBase, double moveExponent) {
    double byBase = moveBase == 0 ? 0 : Outward.multiplyUp(slopeInBase(base, exponent), moveBase);
    if (moveExponent == 0) {
      return byBase;
    }
    if (base.low() <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    double logarithm = Math.max(Math.abs(Math.log(base.low())), Math.abs(Math.log(base.high())));
    double slope = Outward.multiplyUp(image(base, exponent).high(), logarithm);
    return Outward.addUp(byBase, Outward.multiplyUp(slope, moveExponent));
  }

  private static double slopeInBase(Interval base, Interval exponent) {
    if (exponent.low() == 0 && exponent.high() == 0) {
      return 0;
    }
    Interval lower = exponent.minus(Interval.point(1));
    if (exponent.low() == exponent.high()) {
      lower = Interval.point(exponent.low() - 1);
    }
    return Outward.multiplyUp(exponent.magnitude(), image(base, lower).magnitude());
  }
}
