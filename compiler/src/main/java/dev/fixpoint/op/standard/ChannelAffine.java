package dev.fixpoint.op.standard;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Outward;
import dev.fixpoint.bound.Range;
import dev.fixpoint.bound.Spread;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.Transfers;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of {@code y = (x - mean) · k + shift} with {@code k = scale / √(variance + epsilon)},
 * channel by channel or element by element.
 */
final class ChannelAffine {
  /** Relative distance that covers the roundings of the reference in double. */
  private static final double SLACK = 0x1p-48;

  private final ElementType type;
  private final Shape shape;
  private final Range x;
  private final List<Channel> channels;

  private ChannelAffine(ElementType type, Shape shape, Range x, List<Channel> channels) {
    this.type = type;
    this.shape = shape;
    this.x = x;
    this.channels = channels;
  }

  /**
   * The intervals of one channel.
   *
   * @param root interval of {@code 1 / √(variance + epsilon)}
   */
  record Channel(Interval scale, Interval shift, Interval mean, Interval variance, Interval root) {
    Interval image(Interval x) {
      Interval product = x.minus(mean).times(scale).times(root);
      Interval sum = product.plus(shift);
      double slack = SLACK * (product.magnitude() + shift.magnitude());
      return Double.isFinite(slack) ? sum.widened(slack) : Interval.ALL;
    }

    /** The largest magnitude of the terms, for the roundings of the reference. */
    double slack(Interval x) {
      double product = x.minus(mean).times(scale).times(root).magnitude();
      return SLACK * (product + shift.magnitude());
    }

    double error(Interval x, double ofX, double[] of) {
      double factor = scale.times(root).magnitude();
      double atX = factor * (ofX + of[2]);
      // The derivative of v^(-1/2) is at most (1/2) root^3.
      double ofRoot = 0.5 * Math.pow(root.magnitude(), 3) * of[3];
      double ofFactor = root.magnitude() * of[0] + scale.magnitude() * ofRoot;
      double atFactor = ofFactor == 0 ? 0 : x.minus(mean).magnitude() * ofFactor;
      return (atX + atFactor + of[1]) * (1 + SLACK) + 2 * slack(x);
    }
  }

  /** The intervals of a call at the parameters that it has. */
  static ChannelAffine of(OpCall call, List<@Nullable Range> ranges) {
    return of(call, ranges, Transfers.each(5, ErrorBound.EXACT));
  }

  /** The intervals of a call; parameters that move may be anywhere in their ranges. */
  static ChannelAffine of(
      OpCall call, List<@Nullable Range> given, List<? extends ErrorBound> errors) {
    Shape shape = call.type(0).shape();
    List<@Nullable Range> ranges = new ArrayList<>(given);
    for (int i = 1; i <= 4; i++) {
      Tensor constant = call.constant(i);
      if (constant != null && errors.get(i) instanceof ErrorBound.Exact) {
        ranges.set(i, Range.ofTensor(constant)); // known by channel, not only its hull
      }
    }
    int count = 1;
    for (int i = 1; i <= 4; i++) {
      count = Math.max(count, Ranges.at(ranges, i).intervals().size());
    }
    double epsilon = call.get(BatchNormalization.EPSILON);
    List<Channel> channels = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      Interval variance = at(ranges, 4, c);
      Interval sum = variance.plus(Interval.point(epsilon));
      Interval root = sum.low() > 0 ? root(sum) : Interval.ALL;
      channels.add(
          new Channel(at(ranges, 1, c), at(ranges, 2, c), at(ranges, 3, c), variance, root));
    }
    return new ChannelAffine(call.type(0).elementType(), shape, Ranges.at(ranges, 0), channels);
  }

  private static Interval root(Interval positive) {
    double low = Outward.multiplyDown(1 / Math.sqrt(positive.high()), 1 - SLACK);
    double high = Outward.multiplyUp(1 / Math.sqrt(positive.low()), 1 + SLACK);
    return new Interval(low, high);
  }

  private static Interval at(List<@Nullable Range> ranges, int input, int channel) {
    List<Interval> intervals = Ranges.at(ranges, input).intervals();
    return intervals.get(channel % intervals.size());
  }

  /** The range of the results. */
  Range range(BiFunction<Interval, Channel, Interval> image) {
    Spread slots = slots(x.spread());
    List<Interval> results = new ArrayList<>(slots.count());
    for (int i = 0; i < slots.count(); i++) {
      results.add(image.apply(interval(i, slots), channels.get(channel(i, slots))));
    }
    return switch (slots) {
      case Spread.Uniform _ -> Range.of(results.getFirst());
      case Spread.Along along -> Range.perChannel(along.axis(), results);
      case Spread.Elements _ -> Range.perElement(results);
    };
  }

  /** The slots of the results, for those of X. */
  private Spread slots(Spread ofX) {
    if (ofX instanceof Spread.Elements && shape.isStatic()) {
      return ofX;
    }
    return channels.size() == 1 ? Spread.UNIFORM : new Spread.Along(1, channels.size());
  }

  private int channel(int slot, Spread slots) {
    return slots instanceof Spread.Elements
        ? new Spread.Along(1, channels.size()).indexOf(slot, shape)
        : slot;
  }

  private Interval interval(int slot, Spread slots) {
    return x.spread().equals(slots) ? x.intervals().get(slot) : x.hull();
  }

  /** The error of the results, roundings of both evaluations included. */
  ErrorBound error(List<ErrorBound> errors) {
    for (ErrorBound error : errors) {
      if (error instanceof ErrorBound.Unbounded) {
        return error;
      }
    }
    if (errors.stream().allMatch(error -> error instanceof ErrorBound.Exact)) {
      return ErrorBound.EXACT;
    }
    ErrorBound ofX = errors.getFirst();
    Spread slots = slots(ofX.spread() instanceof Spread.Elements ? ofX.spread() : x.spread());
    double[] moved = ofX.allowances();
    double[] values = new double[slots.count()];
    for (int i = 0; i < values.length; i++) {
      int c = channel(i, slots);
      Channel channel = channels.get(c);
      double[] of = new double[4];
      for (int input = 1; input <= 4; input++) {
        double[] allowances = errors.get(input).allowances();
        of[input - 1] = allowances[c % allowances.length];
      }
      double here = ofX.spread().equals(slots) ? moved[i] : ofX.max();
      Interval at = interval(i, slots);
      double rounding = 2 * Transfers.halfUlp(type, channel.image(at).magnitude());
      values[i] = Math.nextUp(channel.error(at, here, of) + rounding);
    }
    return ErrorBound.of(slots, values);
  }

  /** The rounding of the reference. */
  ErrorBound localError() {
    Spread slots = slots(x.spread());
    double[] values = new double[slots.count()];
    for (int i = 0; i < values.length; i++) {
      Channel channel = channels.get(channel(i, slots));
      Interval at = interval(i, slots);
      values[i] =
          Math.nextUp(Transfers.halfUlp(type, channel.image(at).magnitude()) + channel.slack(at));
    }
    return ErrorBound.of(slots, values);
  }
}
