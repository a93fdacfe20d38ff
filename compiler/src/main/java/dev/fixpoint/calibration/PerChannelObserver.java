package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One observer for each index of an axis.
 *
 * @param inner elements between neighbours along the axis: the product of the sizes behind it
 * @param channels the observers, by index of the axis
 */
public record PerChannelObserver(int inner, List<Observer> channels) implements Observer {
  /** Keeps an immutable copy. */
  public PerChannelObserver {
    channels = List.copyOf(channels);
  }

  /**
   * Observers for an axis.
   *
   * @param empty an observer that has seen nothing
   * @param shape shape of the tensors, static from the axis on
   * @param axis the axis, 0 or more
   */
  public static PerChannelObserver of(Observer empty, Shape shape, int axis) {
    int inner = 1;
    for (int d = axis + 1; d < shape.rank(); d++) {
      inner = Math.multiplyExact(inner, shape.intSize(d));
    }
    return new PerChannelObserver(inner, Collections.nCopies(shape.intSize(axis), empty));
  }

  @Override
  public PerChannelObserver observe(double[] values) {
    int count = channels.size();
    int perChannel = values.length / count;
    List<Observer> next = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      double[] own = new double[perChannel];
      for (int i = 0; i < perChannel; i++) {
        own[i] = values[(i / inner * count + c) * inner + i % inner];
      }
      next.add(channels.get(c).observe(own));
    }
    return new PerChannelObserver(inner, next);
  }

  @Override
  public PerChannelObserver merge(Observer other) {
    if (other instanceof PerChannelObserver that
        && that.inner == inner
        && that.channels.size() == channels.size()) {
      List<Observer> merged = new ArrayList<>();
      for (int c = 0; c < channels.size(); c++) {
        merged.add(channels.get(c).merge(that.channels.get(c)));
      }
      return new PerChannelObserver(inner, merged);
    }
    throw Observer.notMergeable(this, other);
  }

  @Override
  public boolean isMergeable() {
    return channels.stream().allMatch(Observer::isMergeable);
  }

  @Override
  public Interval range(ElementType type) {
    return ranges(type).stream().reduce(Interval::join).orElse(Interval.ZERO);
  }

  /** The proposed range of each channel. */
  public List<Interval> ranges(ElementType type) {
    return channels.stream().map(channel -> channel.range(type)).toList();
  }
}
