package dev.fixpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The arithmetic of quantization: textbook examples, and laws at its corners. */
class QuantParamsTest {
  /** The range [-2, 3] on 0..255: (3 + 2) / 255 = 0.0196, and 2 / 0.0196 = 102. */
  @Test
  void mapsTheRangeFromMinusTwoToThreeOntoUnsignedBytes() {
    QuantParams params = QuantParams.asymmetric(ElementType.UINT8, -2, 3);

    assertThat(params.scale(0)).isEqualTo(5f / 255f);
    assertThat(params.zeroPoint(0)).isEqualTo(102);
    assertThat(params.quantize(-2, 0)).isZero();
    assertThat(params.quantize(3, 0)).isEqualTo(255);
    assertThat(params.dequantize(102, 0)).isZero();
  }

  /**
   * Absolute-maximum quantization: 127 / 5.4 steps in a unit; 5.4 becomes 127, -4.3 becomes -101.
   */
  @Test
  void scalesATensorByItsLargestMagnitude() {
    Tensor x = Tensor.ofFloats(Shape.of(8), 1.2f, -0.5f, -4.3f, 1.2f, -3.1f, 0.8f, 2.4f, 5.4f);
    QuantParams params = QuantParams.symmetric(ElementType.INT8, 5.4f);

    assertThat(params.quantize(x).toLongs()).containsExactly(28, -12, -101, 28, -73, 19, 56, 127);
  }

  /** Zero-point quantization of [-0.5, 3.5]: 255 / 4 steps in a unit, and zero at -128 + 32. */
  @Test
  void shiftsATensorSoThatItsMinimumBecomesTheSmallestByte() {
    QuantParams params = QuantParams.asymmetric(ElementType.INT8, -0.5, 3.5);
    Tensor x = Tensor.ofFloats(Shape.of(4), -0.5f, 0, 1.5f, 3.5f);

    assertThat(params.zeroPoint(0)).isEqualTo(-96);
    assertThat(params.quantize(x).toLongs()).containsExactly(-128, -96, 0, 127);
  }

  @Test
  void derivesTheZeroPointFromTheRoundedScale() {
    // In double -low / scale is 1.5 + 1e-9; the float32 scale is larger and makes it 1.49999996.
    double high = 255 * 0.1 - 0.15;
    QuantParams params = QuantParams.asymmetric(ElementType.UINT8, -0.15, high);

    assertThat(params.zeroPoint(0)).isEqualTo((long) Math.rint(0.15 / params.scale(0)));
  }

  @Test
  void givesAnEmptyRangeScaleOneAndKeepsZero() {
    QuantParams params = QuantParams.asymmetric(ElementType.UINT8, 0, 0);

    assertThat(params.scale(0)).isEqualTo(1f);
    assertThat(params.zeroPoint(0)).isZero();
  }

  @Test
  void roundsTiesToTheEvenIntegerBeforeItAddsTheZeroPoint() {
    QuantParams odd = QuantParams.perTensor(ElementType.UINT8, 0.5f, 3);

    assertThat(odd.quantize(0.25, 0)).isEqualTo(3);
    assertThat(odd.quantize(0.75, 0)).isEqualTo(5);
    assertThat(odd.quantize(-0.25, 0)).isEqualTo(3);
    assertThat(odd.quantize(-0.75, 0)).isEqualTo(1);
  }

  @Test
  void saturatesHugeNumbersAndInfinitiesAndSendsNanToTheSmallest() {
    QuantParams params = QuantParams.perTensor(ElementType.UINT8, 0.1f, 7);

    assertThat(params.quantize(1e12, 0)).isEqualTo(255);
    assertThat(params.quantize(-1e12, 0)).isZero();
    assertThat(params.quantize(Double.POSITIVE_INFINITY, 0)).isEqualTo(255);
    assertThat(params.quantize(Double.NEGATIVE_INFINITY, 0)).isZero();
    assertThat(params.quantize(Float.MAX_VALUE, 0)).isEqualTo(255);
    assertThat(params.quantize(Double.NaN, 0)).isZero();
  }

  @Test
  void keepsSymmetricSignedRangesSafeToNegate() {
    QuantParams params = QuantParams.symmetric(ElementType.INT8, 1);

    assertThat(params.quantize(-1, 0)).isEqualTo(-127);
    assertThat(params.quantize(1, 0)).isEqualTo(127);
  }

  @Test
  void findsTheParametersOfBlocks() {
    QuantParams params =
        QuantParams.perBlock(
            ElementType.INT4, 1, 2, new float[] {1, 2, 3, 4}, new long[] {0, 0, 0, 0});
    var index = params.index(Shape.of(2, 3));

    assertThat(IntStream.range(0, 6).map(index::of)).containsExactly(0, 0, 1, 2, 2, 3);
  }

  @Test
  void refusesScalesThatAreNotPositiveAndZeroPointsOutsideTheType() {
    assertThatThrownBy(() -> QuantParams.perTensor(ElementType.INT8, 0, 0))
        .hasMessageContaining("positive");
    assertThatThrownBy(() -> QuantParams.perTensor(ElementType.INT8, Float.NaN, 0))
        .hasMessageContaining("positive");
    assertThatThrownBy(() -> QuantParams.perTensor(ElementType.INT8, 1, 128))
        .hasMessageContaining("does not fit");
  }

  /**
   * Dequantizing and quantizing again with the same parameters is the identity on 8 and 16 bits.
   */
  @Property
  void everyIntegerSurvivesDequantizingAndQuantizing(
      @ForAll("normalScales") float scale, @ForAll("integerTypes") ElementType type) {
    long[] zeroPoints = {
      type.minInteger(),
      type.minInteger() + 1,
      (type.maxInteger() + type.minInteger()) / 2,
      type.maxInteger() - 2,
      type.maxInteger()
    };
    for (long zeroPoint : zeroPoints) {
      QuantParams params = QuantParams.perTensor(type, scale, zeroPoint);
      long step = type.bits() == 16 ? 97 : 1;
      for (long q = type.minInteger(); q <= type.maxInteger(); q += step) {
        assertThat(params.quantize(params.dequantize(q, 0), 0)).isEqualTo(q);
      }
    }
  }

  /**
   * A number inside the range moves by at most half a step; the exact tie goes to the even side.
   */
  @Property
  void movesLatticePointsAndTiesAsHalfEvenSays(
      @ForAll("powersOfTwo") float scale, @ForAll("integerTypes") ElementType type) {
    QuantParams params = QuantParams.perTensor(type, scale, type.minInteger() + 1);
    for (long k = 0; k < Math.min(100, type.maxInteger()); k++) {
      long tie = params.quantize((k + 0.5) * scale, 0) - params.zeroPoint(0);
      long even = k % 2 == 0 ? k : k + 1;
      long saturated = Math.min(even, type.maxInteger() - params.zeroPoint(0));
      assertThat(tie).isEqualTo(saturated);
      assertThat(params.quantize(k * (double) scale, 0) - params.zeroPoint(0))
          .isEqualTo(Math.min(k, type.maxInteger() - params.zeroPoint(0)));
    }
  }

  /** Zero has an integer of its own in every range. */
  @Property
  void representsZeroExactly(
      @ForAll("ends") double a, @ForAll("ends") double b, @ForAll("integerTypes") ElementType t) {
    QuantParams params = QuantParams.asymmetric(t, Math.min(a, b), Math.max(a, b));

    assertThat(params.dequantize(params.quantize(0, 0), 0)).isZero();
  }

  @Provide
  Arbitrary<Double> ends() {
    return Arbitraries.doubles().between(-1e30, 1e30).ofScale(6);
  }

  @Provide
  Arbitrary<Float> normalScales() {
    return Arbitraries.integers()
        .between(Float.floatToIntBits(1e-30f), Float.floatToIntBits(1e30f))
        .map(Float::intBitsToFloat);
  }

  @Provide
  Arbitrary<Float> powersOfTwo() {
    return Arbitraries.integers().between(-100, 90).map(e -> Math.scalb(1f, e));
  }

  @Provide
  Arbitrary<ElementType> integerTypes() {
    return Arbitraries.of(
        ElementType.INT2,
        ElementType.UINT2,
        ElementType.INT4,
        ElementType.UINT4,
        ElementType.INT8,
        ElementType.UINT8,
        ElementType.INT16,
        ElementType.UINT16);
  }
}
