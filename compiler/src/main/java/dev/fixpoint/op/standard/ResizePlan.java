package dev.fixpoint.op.standard;

import dev.fixpoint.op.Affine;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.ShapeValue;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The axes that a call of Resize names, their factors, sizes and regions of interest. */
final class ResizePlan {
  private static final int ROI = 1;
  private static final int SCALES = 2;
  private static final int SIZES = 3;

  private final OpCall call;
  private final Shape x;
  private final int[] axes;
  private final String policy;

  private ResizePlan(OpCall call, Shape x, int[] axes, String policy) {
    this.call = call;
    this.x = x;
    this.axes = axes;
    this.policy = policy;
  }

  /** The plan of a call whose X has a known rank. */
  static ResizePlan of(OpCall call) {
    Shape x = call.type(0).shape();
    List<Long> given = call.attributes().find(Resize.AXES);
    int[] axes =
        given == null
            ? Elements.steps(x.rank(), 1)
            : Axes.normalized(given.stream().mapToLong(Long::longValue).toArray(), x.rank());
    if (isGiven(call, SCALES) == isGiven(call, SIZES)) {
      throw new IllegalArgumentException("exactly one of scales and sizes should be given");
    }
    return new ResizePlan(call, x, axes, call.get(Resize.KEEP_ASPECT_RATIO_POLICY));
  }

  private static boolean isGiven(OpCall call, int input) {
    if (!call.hasInput(input)) {
      return false;
    }
    Shape shape = call.type(input).shape();
    return !shape.isStatic() || shape.elementCount() > 0;
  }

  /** The shape of the result, as far as known. */
  Shape shape() {
    List<Dimension> sizes = new ArrayList<>(x.dimensions());
    for (int i = 0; i < axes.length; i++) {
      sizes.set(axes[i], dimension(i));
    }
    return Shape.of(sizes);
  }

  private Dimension dimension(int i) {
    Dimension before = x.dimension(axes[i]);
    if (isGiven(call, SCALES)) {
      Tensor scales = call.constant(SCALES);
      return scales == null ? Dimension.UNKNOWN : scaled(before, entry(scales, i));
    }
    if (!policy.equals("stretch")) {
      Double common = commonScale();
      return common == null ? Dimension.UNKNOWN : stretched(before, common);
    }
    ShapeValue sizes = call.shapeValue(SIZES);
    Tensor constant = call.constant(SIZES);
    if (constant != null) {
      return Dimension.of(constant.longAt(i));
    }
    return sizes == null || i >= sizes.size() ? Dimension.UNKNOWN : sizes.dimension(i);
  }

  private static double entry(Tensor tensor, int i) {
    if (i >= tensor.elementCount()) {
      throw new IllegalArgumentException(
          tensor.elementCount() + " entries are too few for axis number " + i);
    }
    return tensor.doubleAt(i);
  }

  private static Dimension scaled(Dimension before, double scale) {
    if (!(scale > 0)) {
      throw new IllegalArgumentException("a factor should be positive, but is " + scale);
    }
    return switch (before) {
      case Dimension.Fixed fixed ->
          Dimension.of((long) Math.floor((float) fixed.size() * (float) scale));
      case Dimension.Symbolic symbolic ->
          scale == Math.rint(scale)
              ? Affine.of(symbolic.name()).times((long) scale).dimension()
              : Dimension.UNKNOWN;
      case Dimension.Unknown unknown -> unknown;
    };
  }

  private static Dimension stretched(Dimension before, double scale) {
    return before instanceof Dimension.Fixed fixed
        ? Dimension.of((long) (scale * fixed.size() + 0.5))
        : Dimension.UNKNOWN;
  }

  /** The one factor of all axes that keeps the aspect ratio, or null where sizes are not known. */
  private @Nullable Double commonScale() {
    Tensor sizes = call.constant(SIZES);
    double least = Double.POSITIVE_INFINITY;
    double largest = 0;
    for (int i = 0; i < axes.length; i++) {
      if (sizes == null || !(x.dimension(axes[i]) instanceof Dimension.Fixed fixed)) {
        return null;
      }
      double scale = entry(sizes, i) / fixed.size();
      least = Math.min(least, scale);
      largest = Math.max(largest, scale);
    }
    return switch (policy) {
      case "not_larger" -> least;
      case "not_smaller" -> largest;
      default -> throw new IllegalArgumentException("there is no policy '" + policy + "'");
    };
  }

  /** What happens along an axis whose sizes are known, or null where too little is. */
  @Nullable ResizeAxis axis(int axis) {
    int i = Arrays.stream(axes).boxed().toList().indexOf(axis);
    if (i < 0) {
      return null;
    }
    boolean known =
        x.dimension(axis) instanceof Dimension.Fixed
            && shape().dimension(axis) instanceof Dimension.Fixed;
    Double scale = known ? scale(i) : null;
    if (scale == null) {
      return null;
    }
    Tensor roi = call.constant(ROI);
    boolean crops = roi != null && roi.elementCount() == 2L * axes.length;
    ResizeRule rule = ResizeRule.of(call);
    if (rule.coordinates() == ResizeRule.Coordinates.TF_CROP_AND_RESIZE && !crops) {
      throw new IllegalArgumentException("roi should have " + 2 * axes.length + " entries");
    }
    return ResizeAxis.of(
        rule,
        x.intSize(axis),
        shape().intSize(axis),
        scale,
        roi != null && crops ? roi.doubleAt(i) : 0,
        roi != null && crops ? roi.doubleAt(i + axes.length) : 1);
  }

  private @Nullable Double scale(int i) {
    if (isGiven(call, SCALES)) {
      Tensor scales = call.constant(SCALES);
      return scales == null ? null : (Double) entry(scales, i);
    }
    if (!policy.equals("stretch")) {
      return commonScale();
    }
    Dimension size = shape().dimension(axes[i]);
    return size instanceof Dimension.Fixed fixed
        ? (Double) ((double) fixed.size() / x.size(axes[i]))
        : null;
  }

  /** Whether an axis may change, as far as known. */
  boolean mayChange(int axis) {
    boolean named = Arrays.stream(axes).anyMatch(a -> a == axis);
    if (!named || isUnscaled(axis)) {
      return false;
    }
    ResizeAxis known = axis(axis);
    return known == null || !known.isIdentity();
  }

  private boolean isUnscaled(int axis) {
    Tensor scales = isGiven(call, SCALES) ? call.constant(SCALES) : null;
    int i = Arrays.stream(axes).boxed().toList().indexOf(axis);
    boolean crops = ResizeRule.of(call).coordinates() == ResizeRule.Coordinates.TF_CROP_AND_RESIZE;
    return !crops && scales != null && entry(scales, i) == 1;
  }
}
