package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of Resize. The weights of an output sum up to 1, so that an interval with centre c and
 * radius r becomes {@code c ± gain · r}; the gain is 1 but for the cubic kernel.
 */
final class ResizeBounds {
  /** Relative distance that covers the roundings of the reference in double. */
  private static final double SLACK = 0x1p-40;

  private final OpCall call;
  private final ResizeRule rule;
  private final ElementType type;
  private final @Nullable ResizePlan plan;

  private ResizeBounds(OpCall call, @Nullable ResizePlan plan) {
    this.call = call;
    this.rule = ResizeRule.of(call);
    this.type = call.type(0).elementType();
    this.plan = plan;
  }

  static ResizeBounds of(OpCall call) {
    boolean ranked = call.type(0).shape().isRanked();
    return new ResizeBounds(call, ranked ? ResizePlan.of(call) : null);
  }

  private boolean isNearest() {
    return rule.mode() == ResizeRule.Mode.NEAREST;
  }

  /** The product of the axes' gains; infinite where one is not known. */
  private double gain() {
    if (rule.mode() != ResizeRule.Mode.CUBIC) {
      return 1;
    }
    double gain = 1;
    for (int axis = 0; plan != null && axis < call.type(0).shape().rank(); axis++) {
      if (plan.mayChange(axis)) {
        ResizeAxis map = plan.axis(axis);
        gain *= map == null ? Double.POSITIVE_INFINITY : map.gain() * (1 + SLACK);
      }
    }
    return plan == null ? Double.POSITIVE_INFINITY : gain;
  }

  /** Whether entries of a spread stay apart, each with the same elements of the output. */
  private boolean keeps(Spread spread) {
    return switch (spread) {
      case Spread.Uniform _ -> true;
      case Spread.Along along -> plan != null && !plan.mayChange(along.axis());
      case Spread.Elements _ -> false;
    };
  }

  private boolean isByElement(Spread spread) {
    boolean known = plan != null && plan.shape().isStatic();
    return spread instanceof Spread.Elements && known && call.type(0).shape().isStatic();
  }

  private Interval outside() {
    return Interval.point(call.get(Resize.EXTRAPOLATION_VALUE));
  }

  Range range(Range x) {
    boolean crops = rule.coordinates() == ResizeRule.Coordinates.TF_CROP_AND_RESIZE;
    Range images = isByElement(x.spread()) ? byElement(x) : alike(x);
    return crops ? images.map(image -> image.join(outside())) : images;
  }

  private Range alike(Range x) {
    Range kept = keeps(x.spread()) ? x : x.uniform();
    double gain = gain();
    return isNearest() ? kept : kept.map(interval -> image(interval, gain));
  }

  private Interval image(Interval x, double gain) {
    if (!x.isBounded() || !Double.isFinite(gain)) {
      return Interval.ALL;
    }
    Box box = Box.of(Range.of(x), Shape.SCALAR, Spread.UNIFORM);
    double radius = box.radius()[0] * gain + SLACK * gain * x.magnitude();
    return stored(Interval.point(box.center()[0]).widened(radius));
  }

  private Interval stored(Interval real) {
    if (type.isFloat()) {
      return Transfers.stored(type, real);
    }
    Interval all = Transfers.all(type);
    return real.widened(1).clamped(all.low(), all.high());
  }

  private Range byElement(Range x) {
    Shape shape = call.type(0).shape();
    Box box = Box.of(x, shape, x.spread());
    if (!box.isBounded()) {
      return alike(x.uniform());
    }
    ResizeMap map = ResizeMap.of(call);
    ResizeMap absolute = map.absolute();
    double[] center = map.apply(box.center(), 0);
    double[] radius = absolute.apply(box.radius(), 0);
    double[] magnitude = absolute.apply(box.magnitude(), 0);
    List<Interval> images = new ArrayList<>();
    for (int i = 0; i < center.length; i++) {
      double slack = isNearest() ? 0 : SLACK * magnitude[i];
      Interval real = Interval.point(center[i]).widened(radius[i] + slack);
      images.add(isNearest() ? real : stored(real));
    }
    return Range.perElement(images);
  }

  ErrorBound error(Range x, ErrorBound error) {
    if (error instanceof ErrorBound.Exact || error instanceof ErrorBound.Unbounded) {
      return error;
    }
    ErrorBound moved;
    if (isByElement(error.spread())) {
      double[] errors = ResizeMap.of(call).absolute().apply(error.allowances(), 0);
      moved = ErrorBound.perElement(errors);
    } else {
      ErrorBound kept = keeps(error.spread()) ? error : error.uniform();
      double gain = gain();
      if (!Double.isFinite(gain)) {
        return ErrorBound.unbounded("the factors of Resize are not known");
      }
      moved = kept.scaledBy(gain);
    }
    return isNearest() ? moved : moved.scaledBy(1 + SLACK).plus(localError(x).scaledBy(2));
  }

  /** The rounding of the reference; an integer is cut off. */
  ErrorBound localError(Range x) {
    if (isNearest()) {
      return ErrorBound.EXACT;
    }
    if (!type.isFloat()) {
      return ErrorBound.uniform(1);
    }
    double gain = gain();
    if (!Double.isFinite(gain) || !x.isBounded()) {
      return ErrorBound.unbounded("X has no finite range, or the factors of Resize are not known");
    }
    ErrorBound slack = ErrorBound.uniform(SLACK * gain * x.magnitude() + Double.MIN_VALUE);
    return slack.plus(Transfers.rounding(type, range(x).uniform()));
  }
}
