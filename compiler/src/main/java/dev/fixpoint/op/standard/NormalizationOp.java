package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Broadcasting;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code (x - mean) / √(variance + epsilon) · scale + bias}, with mean and population variance of
 * the group that an element belongs to. A definition says which groups, and which inputs are scale
 * and bias.
 */
abstract class NormalizationOp implements OpDefinition {
  /** The groups of a call whose types are static. */
  abstract Grouping grouping(OpCall call);

  /** The size of a group as far as it is known, or -1. */
  abstract long groupSize(OpCall call);

  /** What is added to the variance. */
  abstract double epsilon(OpCall call);

  /**
   * What deviations are divided by: at least {@code √(variance + epsilon)} and at most {@code
   * √variance + √epsilon}.
   */
  double denominator(GroupMoments moments, double epsilon) {
    return Math.sqrt(moments.variance() + epsilon);
  }

  /** Whether the mean is subtracted. */
  boolean isCentered() {
    return true;
  }

  /** Number of parameters after X: scale, then bias. */
  int parameters() {
    return 2;
  }

  /** The shape with which a parameter broadcasts to X. */
  Shape aligned(OpCall call, int parameter) {
    return call.type(parameter).shape();
  }

  /** The shape of one parameter for each index of axis 1. */
  static Shape perChannel(OpCall call, int parameter) {
    Shape x = call.type(0).shape();
    Shape own = call.type(parameter).shape();
    if (!x.isRanked() || !own.isRanked() || own.rank() != 1) {
      return own;
    }
    List<Dimension> sizes = new ArrayList<>(own.dimensions());
    sizes.addAll(Collections.nCopies(Math.max(0, x.rank() - 2), Dimension.of(1)));
    return Shape.of(sizes);
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType x = call.type(0);
    var _ = groupSize(call); // refuses axes and groups that do not fit
    for (int i = 1; i <= parameters(); i++) {
      if (call.hasInput(i) && x.shape().isRanked()) {
        Shape both = Broadcasting.shape(x.shape(), aligned(call, i));
        if (both.isRanked()
            && !(both.rank() == x.shape().rank() && both.isCompatibleWith(x.shape()))) {
          throw new IllegalArgumentException(
              "input " + i + " of shape " + call.type(i).shape() + " does not fit X " + x.shape());
        }
      }
    }
    return List.of(x);
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    inferTypes(call);
    Tensor x = call.tensor(0);
    double[] values = x.toDoubles();
    Grouping grouping = grouping(call);
    double epsilon = epsilon(call);
    for (int group = 0; group < grouping.groups(); group++) {
      GroupMoments moments = GroupMoments.of(values, grouping, group, isCentered());
      double denominator = denominator(moments, epsilon);
      for (int i = 0; i < grouping.size(); i++) {
        int at = grouping.at(group, i);
        values[at] = (values[at] - moments.mean()) / denominator;
      }
    }
    if (hasParameter(call, 1)) {
      double[] scale = spread(call, 1);
      for (int i = 0; i < values.length; i++) {
        values[i] *= scale[i];
      }
    }
    if (hasParameter(call, 2)) {
      double[] bias = spread(call, 2);
      for (int i = 0; i < values.length; i++) {
        values[i] += bias[i];
      }
    }
    return List.of(Tensor.ofDoubles(x.elementType(), x.shape(), values));
  }

  final boolean hasParameter(OpCall call, int parameter) {
    return parameter <= parameters() && call.hasInput(parameter);
  }

  /** A parameter for each element of X. */
  private double[] spread(OpCall call, int parameter) {
    double[] values = call.tensor(parameter).toDoubles();
    int[] offsets = Broadcasting.offsets(aligned(call, parameter), call.type(0).shape());
    double[] all = new double[offsets.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[offsets[i]];
    }
    return all;
  }

  @Override
  public List<Range> rangeTransfer(OpCall call, List<@Nullable Range> ranges) {
    return List.of(NormalizedBounds.of(this, call, ranges, List.of()).range());
  }

  @Override
  public List<ErrorBound> errorTransfer(
      OpCall call, List<@Nullable Range> ranges, List<ErrorBound> errors) {
    return List.of(NormalizedBounds.of(this, call, ranges, errors).error());
  }

  @Override
  public List<ErrorBound> localError(OpCall call, List<@Nullable Range> ranges) {
    return List.of(NormalizedBounds.of(this, call, ranges, List.of()).localError());
  }

  /**
   * Covers mean and variance from one pass over sums and sums of squares, and from two passes; and
   * scale and bias applied one by one or folded into one factor and one shift.
   */
  @Override
  public List<ErrorBound> machineError(OpCall call, List<Tensor> outputs) {
    Tensor x = call.tensor(0);
    ElementType type = x.elementType();
    double u = Transfers.unitRoundoff(type);
    double[] values = x.toDoubles();
    double[] y = outputs.getFirst().toDoubles();
    double[] errors = new double[values.length];
    double[] scale = hasParameter(call, 1) ? spread(call, 1) : null;
    double[] bias = hasParameter(call, 2) ? spread(call, 2) : null;
    Grouping grouping = grouping(call);
    double product = (grouping.size() + 8) * u;
    double gamma = product < 1 ? product / (1 - product) : Double.POSITIVE_INFINITY;
    for (int group = 0; group < grouping.groups(); group++) {
      GroupMoments moments = GroupMoments.of(values, grouping, group, isCentered());
      MomentErrors of = MomentErrors.of(moments, epsilon(call), gamma, u);
      for (int i = 0; i < grouping.size(); i++) {
        int at = grouping.at(group, i);
        double normalized = of.normalized(values[at]);
        double factor = scale == null ? 1 : Math.abs(scale[at]);
        double shift = bias == null ? 0 : Math.abs(bias[at]);
        double tiny = (4 + 4 * factor) * Transfers.smallest(type);
        errors[at] =
            factor * normalized
                + 4 * u * shift
                + tiny
                + Transfers.halfUlp(type, Math.abs(y[at])) * (1 + 0x1p-20);
      }
    }
    return List.of(ErrorBound.perElement(errors));
  }

  /**
   * What rounding does to a group's statistics.
   *
   * @param mean error of the mean
   * @param inverse {@code 1 / √(variance + epsilon)}
   * @param ofInverse its error
   */
  private record MomentErrors(
      GroupMoments moments, double u, double mean, double inverse, double ofInverse) {
    static MomentErrors of(GroupMoments moments, double epsilon, double gamma, double u) {
      double a = moments.magnitude();
      double mean = moments.mean() == 0 && a == 0 ? 0 : gamma * a;
      double variance = 5 * gamma * (moments.square() + a * a) + 2 * u * Math.abs(epsilon);
      double least = moments.variance() + epsilon - variance;
      double inverse = moments.inverse(epsilon);
      double ofInverse =
          least > 0
              ? 0.5 * variance * Math.pow(least, -1.5) + 6 * u * inverse
              : Double.POSITIVE_INFINITY;
      return new MomentErrors(moments, u, mean, inverse, ofInverse);
    }

    /** The error of a normalized value before scale and bias. */
    double normalized(double x) {
      double deviation = Math.abs(x - moments.mean());
      double ofDeviation = mean + 4 * u * (Math.abs(x) + Math.abs(moments.mean()) + mean);
      double sum =
          ofDeviation * (inverse + ofInverse)
              + (deviation == 0 ? 0 : deviation * ofInverse)
              + 8 * u * (Math.abs(x) + Math.abs(moments.mean())) * inverse;
      return sum * (1 + 0x1p-20);
    }
  }
}
