package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The corners of Cast. */
class ConversionTest {
  private static Tensor cast(Tensor x, ElementType to) {
    return cast(x, to, Attributes.NONE);
  }

  private static Tensor cast(Tensor x, ElementType to, Attributes attributes) {
    Attributes named = attributes.with(Cast.TO, (long) to.code());
    return StandardOps.CAST.evaluate(OpCall.ofTensors(named, List.of(x), 1)).getFirst();
  }

  private static Tensor doubles(double... values) {
    return Tensor.ofDoubles(ElementType.DOUBLE, Shape.of(values.length), values);
  }

  @Test
  void floatsBecomeIntegersByTruncation() {
    assertThat(cast(doubles(-1.9, 1.9, -0.0), ElementType.INT8).toLongs())
        .containsExactly(-1, 1, 0);
  }

  @Test
  void whatDoesNotFitLosesItsHighBits() {
    assertThat(cast(doubles(-9, 8, 15, 300), ElementType.INT4).toLongs())
        .containsExactly(7, -8, -1, -4);
    assertThat(cast(Tensor.vector(200, -1), ElementType.INT8).toLongs()).containsExactly(-56, -1);
    assertThat(cast(Tensor.vector(-1), ElementType.UINT64).toLongs()).containsExactly(-1);
    assertThat(cast(doubles(0x1.8p63), ElementType.UINT64).toLongs())
        .containsExactly(0xC000000000000000L);
  }

  @Test
  void anythingButZeroIsTrue() {
    assertThat(cast(doubles(0, -0.0, 0.25, Double.NaN), ElementType.BOOL).toLongs())
        .containsExactly(0, 0, 1, 1);
  }

  @Test
  void longIntegersRoundOnceToNarrowFloats() {
    // Halfway between two float32 numbers but for the last bit, which a double cannot hold.
    long x = (1L << 60) + (1L << 36) + 1;
    assertThat(cast(Tensor.vector(x, -x), ElementType.FLOAT).toFloats())
        .containsExactly((float) x, (float) -x);
    assertThat((double) x).isEqualTo((double) (x - 1));
    assertThat((float) x).isGreaterThan((float) (x - 1));
  }

  @Test
  void smallFloatsSaturateUnlessToldNotTo() {
    Tensor x = doubles(1e6, Double.NEGATIVE_INFINITY, 448);
    assertThat(cast(x, ElementType.FLOAT8E4M3FN).toDoubles()).containsExactly(448, -448, 448);
    Attributes loose = Attributes.NONE.with(CastOp.SATURATE, 0L);
    assertThat(cast(x, ElementType.FLOAT8E4M3FN, loose).toDoubles())
        .containsExactly(Double.NaN, Double.NaN, 448);
    assertThat(cast(doubles(1e6), ElementType.FLOAT16).toDoubles())
        .containsExactly(Double.POSITIVE_INFINITY);
  }

  @Test
  void powersOfTwoFollowTheRoundMode() {
    Tensor x = doubles(1.1, 1.5, 2);
    assertThat(powers(x, "up")).containsExactly(2, 2, 2);
    assertThat(powers(x, "down")).containsExactly(1, 1, 2);
    assertThat(powers(x, "nearest")).containsExactly(1, 2, 2);
    assertThatThrownBy(() -> powers(x, "sideways"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'up', 'down' or 'nearest'");
  }

  private static double[] powers(Tensor x, String mode) {
    Attributes attributes = Attributes.NONE.with(CastOp.ROUND_MODE, mode);
    return cast(x, ElementType.FLOAT8E8M0, attributes).toDoubles();
  }

  @Test
  void textIsReadAndWritten() {
    Tensor text = Tensor.ofStrings(Shape.of(3), List.of("-1.5", "+INF", "nan"));
    assertThat(cast(text, ElementType.FLOAT).toDoubles())
        .containsExactly(-1.5, Double.POSITIVE_INFINITY, Double.NaN);
    Tensor numbers = Tensor.ofFloats(Shape.of(2), 0.1f, Float.NEGATIVE_INFINITY);
    assertThat(cast(numbers, ElementType.STRING).strings()).containsExactly("0.1", "-INF");
    assertThat(cast(Tensor.vector(7), ElementType.STRING).strings()).containsExactly("7");
  }

  @Test
  void noTypeIsNamedByAnUnknownNumber() {
    Attributes attributes = Attributes.NONE.with(Cast.TO, 99L);
    OpCall call = OpCall.ofTensors(attributes, Arrays.asList(doubles(1)), 1);
    assertThatThrownBy(() -> StandardOps.CAST.inferTypes(call))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("attribute 'to' names no element type: 99");
  }
}
