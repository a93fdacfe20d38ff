package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;

/**
 * {@code factor · x} for positive arguments, else {@code scale · (e^(rate · x) - 1)}.
 *
 * @param factor slope on the positive side
 * @param scale factor of the exponential
 * @param rate rate of the exponential, positive
 */
record ExponentialUnit(double factor, double scale, double rate) implements RealFunction {
  @Override
  public double apply(double x) {
    return x > 0 ? factor * x : scale * Math.expm1(rate * x);
  }

  @Override
  public Interval image(Interval x) {
    return Images.bent(this::apply, 0, x);
  }

  @Override
  public double slope(Interval x) {
    double positive = x.high() > 0 ? Math.abs(factor) : 0;
    double steepest = Math.abs(scale) * rate * Math.exp(rate * Math.min(x.high(), 0));
    return x.low() < 0 ? Math.max(positive, steepest) : positive;
  }

  // Implementations subtract 1 from a rounded exponential, of an argument that was rounded.
  @Override
  public double roundoff(double x, double y, double ulp) {
    double subtraction =
        x > 0 ? 0 : Math.abs(scale) * (2 + rate * Math.abs(x) * Math.exp(rate * x));
    return LIBRARY_ULPS * ulp * (Math.abs(y) + subtraction);
  }
}
