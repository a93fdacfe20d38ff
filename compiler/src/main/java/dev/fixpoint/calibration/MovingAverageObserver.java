package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;

/**
 * An exponential moving average of the smallest and largest number of each batch: {@code low +=
 * momentum · (min(batch) - low)}. By definition it depends on the order of batches and cannot be
 * merged.
 *
 * @param momentum weight of a new batch
 * @param low averaged minimum
 * @param high averaged maximum
 * @param seen whether there was a batch yet
 */
public record MovingAverageObserver(double momentum, double low, double high, boolean seen)
    implements Observer {
  /** Refuses a momentum outside (0, 1]. */
  public MovingAverageObserver {
    if (!(momentum > 0 && momentum <= 1)) {
      throw new IllegalArgumentException("momentum must be in (0, 1]: " + momentum);
    }
  }

  /** Nothing seen yet. */
  public static MovingAverageObserver of(double momentum) {
    return new MovingAverageObserver(momentum, 0, 0, false);
  }

  @Override
  public MovingAverageObserver observe(double[] values) {
    if (values.length == 0) {
      return this;
    }
    MinMaxObserver batch = MinMaxObserver.EMPTY.observe(values);
    if (!seen) {
      return new MovingAverageObserver(momentum, batch.low(), batch.high(), true);
    }
    return new MovingAverageObserver(
        momentum,
        low + momentum * (batch.low() - low),
        high + momentum * (batch.high() - high),
        true);
  }

  @Override
  public boolean isMergeable() {
    return false;
  }

  /** Never possible: the average depends on the order of batches. */
  @Override
  public MovingAverageObserver merge(Observer other) {
    throw new IllegalArgumentException(
        "a moving average depends on the order of batches and cannot be merged");
  }

  @Override
  public Interval range(ElementType type) {
    return new Interval(Math.min(low, high), Math.max(low, high));
  }
}
