package dev.fixpoint.calibration;

import java.util.Locale;
import java.util.Optional;

/** How ranges are chosen from calibration data. */
public enum CalibrationMethod {
  /** Smallest and largest number. */
  MINMAX {
    @Override
    public Observer observer() {
      return MinMaxObserver.EMPTY;
    }
  },
  /** All but one number in ten thousand. */
  PERCENTILE {
    @Override
    public Observer observer() {
      return PercentileObserver.of(0.9999);
    }
  },
  /** Least loss of information at 128 levels. */
  ENTROPY {
    @Override
    public Observer observer() {
      return EntropyObserver.EMPTY;
    }
  },
  /** Least mean squared error. */
  MSE {
    @Override
    public Observer observer() {
      return MseObserver.EMPTY;
    }
  },
  /** Moving average of the extremes of batches; depends on their order. */
  MOVING_AVERAGE {
    @Override
    public Observer observer() {
      return MovingAverageObserver.of(0.01);
    }
  };

  /** An observer that has seen nothing. */
  public abstract Observer observer();

  /** The name in options, such as {@code moving-average}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The method with a name. */
  public static Optional<CalibrationMethod> ofText(String text) {
    for (CalibrationMethod method : values()) {
      if (method.text().equals(text)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }
}
