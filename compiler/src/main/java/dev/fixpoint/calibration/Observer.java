package dev.fixpoint.calibration;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.tensor.ElementType;

/**
 * What has been seen of one value so far: an immutable summary of bounded size, and the range that
 * it proposes.
 *
 * <p>Law, for every observer but {@link MovingAverageObserver}: {@code merge} is associative and
 * commutative, and splitting the data in any way never changes the result to the bit. Calibration
 * may therefore run over batches in any order and on any number of threads.
 */
public sealed interface Observer
    permits MinMaxObserver,
        MovingAverageObserver,
        PercentileObserver,
        EntropyObserver,
        MseObserver,
        PerChannelObserver,
        ProfileObserver {

  /**
   * This summary after more elements.
   *
   * @param values finite numbers, in row-major order where position matters
   */
  Observer observe(double[] values);

  /**
   * The summary of both data.
   *
   * @throws IllegalArgumentException if the other is of another kind or setting
   */
  Observer merge(Observer other);

  /** Whether {@link #merge} is possible, so that batches may be seen in any order and at once. */
  default boolean isMergeable() {
    return true;
  }

  /**
   * The proposed range of all elements, for quantization to the given type; [0, 0] where nothing
   * was seen. It may cut outliers off.
   */
  Interval range(ElementType type);

  /** The exception for a merge with something else. */
  static IllegalArgumentException notMergeable(Observer a, Observer b) {
    return new IllegalArgumentException(
        "cannot merge "
            + a.getClass().getSimpleName()
            + " with "
            + b.getClass().getSimpleName()
            + " or with other settings");
  }
}
