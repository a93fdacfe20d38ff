package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The error function against values that were computed with 40 digits. */
class ErrorFunctionTest {
  /** Half the distance from 1 to the next double. */
  private static final double UNIT = 0x1p-53;

  /** The relative error that the class promises, in units: 10⁻¹⁵. */
  private static final double PROMISED_UNITS = 9;

  @ParameterizedTest
  @CsvSource({
    "1e-300, 1.1283791670955126e-300",
    "1e-09, 1.1283791670955127e-09",
    "0.1, 0.1124629160182849",
    "0.5, 0.5204998778130465",
    "0.75, 0.7111556336535151",
    "1.0, 0.8427007929497149",
    "1.5, 0.9661051464753108",
    "1.99, 0.995111413199617",
    "2.0, 0.9953222650189527",
    "2.5, 0.999593047982555",
    "3.0, 0.9999779095030014",
    "4.0, 0.9999999845827421",
    "5.5, 0.9999999999999927",
    "6.0, 1.0"
  })
  void erfIsWithinItsPromiseOnBothSides(double x, double expected) {
    double allowed = PROMISED_UNITS * UNIT * expected;
    assertThat(Math.abs(ErrorFunction.erf(x) - expected)).isLessThanOrEqualTo(allowed);
    assertThat(Math.abs(ErrorFunction.erf(-x) + expected)).isLessThanOrEqualTo(allowed);
  }

  /** {@code e^(-x²)} takes over the rounding of x², relatively x² units. */
  @ParameterizedTest
  @CsvSource({
    "-6.0, 2.0",
    "-2.0, 1.9953222650189528",
    "-0.5, 1.5204998778130465",
    "0.0, 1.0",
    "2.0, 0.004677734981047266",
    "2.5, 0.0004069520174449589",
    "3.0, 2.209049699858544e-05",
    "5.0, 1.537459794428035e-12",
    "8.0, 1.1224297172982926e-29",
    "10.0, 2.088487583762545e-45",
    "20.0, 5.395865611607901e-176",
    "26.0, 5.663192408856143e-296"
  })
  void erfcIsWithinItsPromise(double x, double expected) {
    double allowed = (PROMISED_UNITS + x * x) * UNIT * expected;
    assertThat(Math.abs(ErrorFunction.erfc(x) - expected)).isLessThanOrEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"Infinity, 1", "-Infinity, -1", "0, 0", "NaN, NaN", "300, 1"})
  void erfHasItsLimits(double x, double expected) {
    assertThat(Double.compare(ErrorFunction.erf(x), expected)).isZero();
  }
}
