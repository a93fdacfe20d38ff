package dev.fixpoint.op.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** QuantizeLinear, DequantizeLinear, FakeQuant and DynamicQuantizeLinear. */
class QuantizeLinearTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static Tensor quantize(Attributes attributes, @Nullable Tensor... inputs) {
    return QuantOps.QUANTIZE_LINEAR
        .evaluate(OpCall.ofTensors(attributes, Arrays.asList(inputs), 1))
        .getFirst();
  }

  private static Tensor dequantize(Attributes attributes, @Nullable Tensor... inputs) {
    return QuantOps.DEQUANTIZE_LINEAR
        .evaluate(OpCall.ofTensors(attributes, Arrays.asList(inputs), 1))
        .getFirst();
  }

  private static Tensor scalar(double value) {
    return Tensor.scalar(ElementType.FLOAT, value);
  }

  /** The ONNX reference wraps around at 32 bits here, and gives 0. */
  @Test
  void saturatesFarBeyondTheRange() {
    Tensor x = Tensor.ofFloats(Shape.of(4), 1e12f, -1e12f, INFINITY, -INFINITY);

    assertThat(quantize(Attributes.NONE, x, scalar(1)).toLongs()).containsExactly(255, 0, 255, 0);
  }

  @Test
  void sendsNanToTheSmallestInteger() {
    Tensor x = Tensor.ofFloats(Shape.of(1), Float.NaN);

    Tensor zero = Tensor.scalar(ElementType.INT8, 5);
    assertThat(quantize(Attributes.NONE, x, scalar(1), zero).toLongs()).containsExactly(-128);
  }

  /** With an odd zero point, rounding after adding it would give 4 and 6. */
  @Test
  void addsTheZeroPointAfterRounding() {
    Tensor x = Tensor.ofFloats(Shape.of(2), 0.5f, 2.5f);

    Tensor zero = Tensor.scalar(ElementType.UINT8, 3);
    assertThat(quantize(Attributes.NONE, x, scalar(1), zero).toLongs()).containsExactly(3, 5);
  }

  /** Multiplying by the reciprocal, as some fake quantizers do, gives 5 · (1/49f) · 49 = 5 or 4. */
  @Property
  void dividesInsteadOfMultiplyingByTheReciprocal(@ForAll long seed) {
    Draws draws = new Draws(seed);
    float scale = 0.01f + draws.random.nextFloat();
    float x = draws.between(-300, 300) * 0.5f * scale;
    double expected = Math.clamp(Math.rint(x / scale) + 7, 0, 255);

    Tensor zero = Tensor.scalar(ElementType.UINT8, 7);
    Tensor y = quantize(Attributes.NONE, Tensor.ofFloats(Shape.of(1), x), scalar(scale), zero);
    assertThat(y.doubleAt(0)).isEqualTo(expected);
  }

  @Test
  void defaultsToUnsignedBytesUnlessToldOtherwise() {
    Tensor x = Tensor.ofFloats(Shape.of(2), -3, 300);
    Attributes signed =
        Attributes.NONE.with(QuantizeLinear.OUTPUT_DTYPE, (long) ElementType.INT16.code());

    assertThat(quantize(Attributes.NONE, x, scalar(1)).elementType()).isEqualTo(ElementType.UINT8);
    assertThat(quantize(signed, x, scalar(1)))
        .isEqualTo(Tensor.ofLongs(ElementType.INT16, Shape.of(2), -3, 300));
  }

  @Test
  void refusesAnOutputTypeThatContradictsTheZeroPoint() {
    Attributes signed =
        Attributes.NONE.with(QuantizeLinear.OUTPUT_DTYPE, (long) ElementType.INT8.code());
    Tensor zero = Tensor.scalar(ElementType.UINT8, 0);

    assertThatThrownBy(() -> quantize(signed, scalar(1), scalar(1), zero))
        .hasMessageContaining("output_dtype says int8, but the zero point is uint8");
  }

  @Test
  void countsANegativeAxisFromTheEnd() {
    Tensor x = Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Tensor scales = Tensor.ofFloats(Shape.of(3), 1, 2, 3);
    Attributes last = Attributes.NONE.with(QuantizeLinear.AXIS, -1L);

    assertThat(quantize(last, x, scales).toLongs()).containsExactly(1, 1, 1, 4, 2, 2);
  }

  @Test
  void takesAScaleOfOneElementAsOneForAll() {
    Tensor x = Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

    assertThat(quantize(Attributes.NONE, x, Tensor.ofFloats(Shape.of(1), 1)).toLongs())
        .containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void sharesScalesWithinBlocksAndAllowsAShortLastOne() {
    Tensor x = Tensor.ofFloats(Shape.of(5, 1), 1, 2, 3, 4, 5);
    Tensor scales = Tensor.ofFloats(Shape.of(3, 1), 1, 0.5f, 0.25f);
    Attributes blocks =
        Attributes.NONE.with(QuantizeLinear.AXIS, 0L).with(QuantizeLinear.BLOCK_SIZE, 2L);

    Tensor y = quantize(blocks, x, scales);

    assertThat(y.toLongs()).containsExactly(1, 2, 6, 8, 20);
    assertThat(dequantize(blocks, y, scales)).isEqualTo(x);
  }

  @Test
  void saysWhichScalesDoNotFit() {
    Tensor x = Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Tensor scales = Tensor.ofFloats(Shape.of(2), 1, 2);

    assertThatThrownBy(() -> quantize(Attributes.NONE, x, scales))
        .hasMessageContaining("scales of shape [2] do not fit a tensor [2,3] along axis 1");
  }

  /** 2049 / 2 = 1024.5 is no float16 number near it: the quotient rounds to 1024 first. */
  @Test
  void roundsTheQuotientToItsPrecision() {
    Tensor x = Tensor.ofFloats(Shape.of(1), 2051);
    Attributes types =
        Attributes.NONE.with(QuantizeLinear.OUTPUT_DTYPE, (long) ElementType.INT16.code());
    Attributes half = types.with(QuantizeLinear.PRECISION, (long) ElementType.FLOAT16.code());

    assertThat(quantize(types, x, scalar(1)).toLongs()).containsExactly(2051);
    assertThat(quantize(half, x, scalar(1)).toLongs()).containsExactly(2052);
  }

  @Test
  void keepsOrDropsTheOverflowOfFloatEight() {
    Tensor x = Tensor.ofFloats(Shape.of(1), 1e6f);
    Tensor zero = Tensor.scalar(ElementType.FLOAT8E4M3FN, 0);
    Attributes open = Attributes.NONE.with(QuantizeLinear.SATURATE, 0L);

    assertThat(quantize(Attributes.NONE, x, scalar(1), zero).doubleAt(0)).isEqualTo(448);
    assertThat(quantize(open, x, scalar(1), zero).doubleAt(0)).isNaN();
  }

  @Test
  void dequantizesAccumulatorsWithOneRounding() {
    Tensor x = Tensor.ofLongs(ElementType.INT32, Shape.of(1), 16_777_217);

    assertThat(dequantize(Attributes.NONE, x, scalar(0.1f)).doubleAt(0))
        .isEqualTo((float) (16_777_217 * (double) 0.1f));
  }

  @Test
  void keepsNegativeIntegersWithoutAZeroPoint() {
    Tensor x = Tensor.ofLongs(ElementType.INT8, Shape.of(2), -128, 127);

    assertThat(dequantize(Attributes.NONE, x, scalar(0.5)).toFloats()).containsExactly(-64, 63.5f);
  }

  /** Other systems disagree here, with scales 1/255 and 1. */
  @Test
  void dynamicQuantizationOfZerosIsExact() {
    Tensor zeros = Tensor.filled(ElementType.FLOAT, Shape.of(3), 0);
    List<Tensor> results =
        QuantOps.DYNAMIC_QUANTIZE_LINEAR.evaluate(
            OpCall.ofTensors(Attributes.NONE, Arrays.asList(zeros), 3));

    assertThat(results.get(0).toLongs()).containsOnly(0);
    assertThat(results.get(1).toFloats()).containsExactly(1);
    assertThat(results.get(2).toLongs()).containsExactly(0);
  }

  @Property(tries = 300)
  void boundsHoldForEveryGranularity(@ForAll long seed) {
    Draws draws = new Draws(seed);
    Shape shape = Shape.of(draws.between(1, 4), draws.between(1, 5));
    boolean perAxis = draws.maybe();
    int count = perAxis ? shape.intSize(0) : 1;
    Attributes attributes = Attributes.NONE.with(QuantizeLinear.AXIS, 0L);
    ElementType type = draws.bytes();
    Tensor scale = draws.scales(count);
    Tensor zero = draws.zeroPoints(type, count).reshaped(scale.shape());
    Tensor x = draws.floats(shape, draws.maybe() ? 1 : 30);
    Tensor q = draws.integers(type, shape);
    OpCall quantize = OpCall.ofTensors(attributes, Arrays.asList(x, scale, zero), 1);
    OpCall dequantize = OpCall.ofTensors(attributes, Arrays.asList(q, scale, zero), 1);

    TransferChecks.check(QuantOps.QUANTIZE_LINEAR, quantize, draws.random, 0);
    TransferChecks.check(QuantOps.FAKE_QUANT, quantize, draws.random, 0);
    TransferChecks.check(QuantOps.DEQUANTIZE_LINEAR, dequantize, draws.random, 0);
    Tensor y = QuantOps.FAKE_QUANT.evaluate(quantize).getFirst();
    ErrorBound local = TransferChecks.localError(QuantOps.FAKE_QUANT, quantize, 0);
    assertThat(local.check(x, y)).matches(verdict -> verdict.holds());
    ErrorBound known =
        QuantOps.FAKE_QUANT.localError(quantize, TransferChecks.ranges(quantize)).getFirst();
    assertThat(known.check(x, y)).matches(verdict -> verdict.holds());
  }

  @Test
  void fakeQuantExpandsIntoThePairThatItIs() {
    Tensor x = Tensor.ofFloats(Shape.of(3), -1, 0.3f, 2);
    Tensor zero = Tensor.scalar(ElementType.INT8, 3);
    OpCall call = OpCall.ofTensors(Attributes.NONE, Arrays.asList(x, scalar(0.1), zero), 1);
    Tensor integers = quantize(Attributes.NONE, x, scalar(0.1), zero);

    assertThat(QuantOps.FAKE_QUANT.evaluate(call).getFirst())
        .isEqualTo(dequantize(Attributes.NONE, integers, scalar(0.1), zero));
    assertThat(QuantOps.FAKE_QUANT.expansion(call)).isNotNull();
  }
}
