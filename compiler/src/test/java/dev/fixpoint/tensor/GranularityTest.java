package dev.fixpoint.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Scales for whole tensors, channels, tokens and blocks, of every integer type. */
class GranularityTest {
  private static final Shape SHAPE = Shape.of(2, 3, 10);

  private static Tensor random(long seed) {
    Random random = new Random(seed);
    float[] values = new float[(int) SHAPE.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          random.nextInt(5) == 0
              ? 0
              : (float) Math.scalb(random.nextGaussian(), random.nextInt(40) - 20);
    }
    return Tensor.ofFloats(SHAPE, values);
  }

  @Provide
  Arbitrary<Granularity> granularities() {
    return Arbitraries.of(
        Granularity.TENSOR,
        Granularity.TOKEN,
        Granularity.channel(0),
        Granularity.channel(1),
        Granularity.channel(2),
        Granularity.block(2, 4),
        Granularity.block(1, 2),
        Granularity.block(0, 7));
  }

  @Provide
  Arbitrary<ElementType> integers() {
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

  /**
   * Half a step, what the float32 division may move a quotient of that many steps, and the rounding
   * of the product.
   */
  private static double allowed(QuantParams params, int index, double value) {
    long steps = params.elementType().maxInteger() - params.elementType().minInteger();
    return params.scale(index) * (0.5 + steps * 0x1p-23) + Math.ulp((float) value);
  }

  @Property(tries = 200)
  void everyElementMovesByAtMostHalfAStepAndZeroByNone(
      @ForAll("granularities") Granularity granularity,
      @ForAll("integers") ElementType type,
      @ForAll long seed) {
    Tensor values = random(seed);
    for (QuantParams params :
        List.of(granularity.symmetric(type, values), granularity.asymmetric(type, values))) {
      Tensor back = params.dequantize(params.quantize(values));
      for (int i = 0; i < values.elementCount(); i++) {
        double value = values.doubleAt(i);
        int index = params.index(SHAPE).of(i);
        assertThat(Math.abs(value - back.doubleAt(i)))
            .isLessThanOrEqualTo(allowed(params, index, value));
        if (value == 0) {
          assertThat(back.doubleAt(i)).isZero();
        }
      }
    }
  }

  @Property(tries = 100)
  void elementsOfOtherGroupsNeverMatter(
      @ForAll("granularities") Granularity granularity,
      @ForAll("integers") ElementType type,
      @ForAll long seed) {
    Tensor values = random(seed);
    QuantParams params = granularity.asymmetric(type, values);
    int group = Math.floorMod((int) seed, params.count());
    List<Double> own = new ArrayList<>();
    for (int i = 0; i < values.elementCount(); i++) {
      if (params.index(SHAPE).of(i) == group) {
        own.add(values.doubleAt(i));
      }
    }
    Tensor alone =
        Tensor.ofDoubles(
            ElementType.FLOAT,
            Shape.of(own.size()),
            own.stream().mapToDouble(Double::doubleValue).toArray());

    QuantParams expected = Granularity.TENSOR.asymmetric(type, alone);

    assertThat(params.scale(group)).isEqualTo(expected.scale(0));
    assertThat(params.zeroPoint(group)).isEqualTo(expected.zeroPoint(0));
  }

  @Test
  void aTensorGetsAsManyScalesAsItHasGroups() {
    Tensor values = random(1);

    assertThat(Granularity.TENSOR.symmetric(ElementType.INT8, values).count()).isEqualTo(1);
    assertThat(Granularity.TOKEN.symmetric(ElementType.INT8, values).count()).isEqualTo(6);
    assertThat(Granularity.channel(1).symmetric(ElementType.INT8, values).count()).isEqualTo(3);
    assertThat(Granularity.block(2, 4).symmetric(ElementType.INT4, values).count()).isEqualTo(18);
  }

  /** The tail of an axis is not filled up with zeros or anything else. */
  @Test
  void aBlockAtTheEndHasTheElementsThatItHas() {
    Tensor values = Tensor.ofFloats(Shape.of(1, 5), 8, -8, 4, 2, 1);

    QuantParams params = Granularity.block(1, 2).symmetric(ElementType.INT4, values);

    assertThat(params.scales()).containsExactly(8 / 7f, 4 / 7f, 1 / 7f);
  }

  @Test
  void aChannelOfZerosHasAScaleThatIsNotTiny() {
    Tensor values = Tensor.ofFloats(Shape.of(2, 2), 0, 0, 3, -1);

    QuantParams params = Granularity.channel(0).symmetric(ElementType.INT8, values);

    assertThat(params.scales()).containsExactly(1, 3 / 127f);
  }

  /** Absolute-maximum and zero-point quantization of the same numbers. */
  @Test
  void followsTheWorkedExamplesOfTheLiterature() {
    Tensor values = Tensor.ofFloats(Shape.of(4), 3, 0.1f, -2, 1.5f);

    QuantParams largest = Granularity.TENSOR.symmetric(ElementType.INT8, values);
    QuantParams shifted = Granularity.TENSOR.asymmetric(ElementType.INT8, values);

    // 127 / 3 steps in a unit; 255 / 5 steps in a unit, and -2 becomes -128.
    assertThat(largest.quantize(values).toLongs()).containsExactly(127, 4, -85, 64);
    assertThat(shifted.zeroPoint(0)).isEqualTo(-26);
    assertThat(shifted.quantize(values).toLongs()).containsExactly(127, -21, -128, 50);
  }

  @Test
  void refusesWhatHasNoRange() {
    Tensor odd = Tensor.ofFloats(Shape.of(2), 1, Float.NaN);

    assertThatThrownBy(() -> Granularity.TENSOR.symmetric(ElementType.INT8, odd))
        .hasMessageContaining("element 1 is NaN");
    assertThatThrownBy(() -> Granularity.channel(1).symmetric(ElementType.INT8, odd))
        .hasMessageContaining("no axis 1");
    assertThatThrownBy(() -> Granularity.block(0, 0).symmetric(ElementType.INT8, odd))
        .hasMessageContaining("at least one element");
  }
}
