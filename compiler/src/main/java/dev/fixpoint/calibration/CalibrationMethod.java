package dev.fixpoint.calibration;

import java.util.List;
import java.util.Optional;

/**
 * How ranges are chosen from calibration data.
 *
 * @param text the name in options, such as {@code minmax} or {@code percentile:99.9}
 * @param observer an observer that has seen nothing
 */
public record CalibrationMethod(String text, Observer observer) {
  /** Smallest and largest number. */
  public static final CalibrationMethod MINMAX =
      new CalibrationMethod("minmax", MinMaxObserver.EMPTY);

  /** All but one number in ten thousand. */
  public static final CalibrationMethod PERCENTILE =
      new CalibrationMethod("percentile", PercentileObserver.of(0.9999));

  /** Least loss of information at 128 levels. */
  public static final CalibrationMethod ENTROPY =
      new CalibrationMethod("entropy", EntropyObserver.EMPTY);

  /** Least mean squared error. */
  public static final CalibrationMethod MSE = new CalibrationMethod("mse", MseObserver.EMPTY);

  /** Moving average of the extremes of batches; depends on their order. */
  public static final CalibrationMethod MOVING_AVERAGE =
      new CalibrationMethod("moving", MovingAverageObserver.of(0.01));

  /** All methods without a parameter. */
  public static final List<CalibrationMethod> ALL =
      List.of(MINMAX, MOVING_AVERAGE, PERCENTILE, ENTROPY, MSE);

  private static final String PERCENT = "percentile:";

  /**
   * All but a share of the numbers.
   *
   * @param percent how many in a hundred are kept, in (0, 100]
   */
  public static CalibrationMethod percentile(double percent) {
    return new CalibrationMethod(PERCENT + percent, PercentileObserver.of(percent / 100));
  }

  /**
   * The method with a name; {@code percentile:99.9} keeps that many numbers in a hundred.
   *
   * @throws IllegalArgumentException if the number after {@code percentile:} is not in (0, 100]
   */
  public static Optional<CalibrationMethod> ofText(String text) {
    if (text.startsWith(PERCENT)) {
      String percent = text.substring(PERCENT.length());
      if (!percent.matches("[0-9]{1,3}(\\.[0-9]{1,12})?")) {
        throw new IllegalArgumentException("'" + percent + "' is not a number of 0 to 100");
      }
      return Optional.of(percentile(Double.parseDouble(percent)));
    }
    return ALL.stream().filter(method -> method.text.equals(text)).findFirst();
  }
}
