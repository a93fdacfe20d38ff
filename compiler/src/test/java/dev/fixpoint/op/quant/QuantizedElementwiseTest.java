package dev.fixpoint.op.quant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sums, products, means, tables and concatenations against their written formulas. */
class QuantizedElementwiseTest {

  private static double zero(@Nullable Tensor tensor) {
    return tensor == null ? 0 : tensor.doubleAt(0);
  }

  private static float real(Tensor x, Tensor scale, @Nullable Tensor zero, double integer) {
    return (float) (integer - zero(zero)) * (float) scale.doubleAt(0);
  }

  private static long quantized(float value, Tensor scale, @Nullable Tensor zero) {
    ElementType type = zero == null ? ElementType.UINT8 : zero.elementType();
    float quotient = value / (float) scale.doubleAt(0);
    double rounded = Math.rint(quotient) + zero(zero);
    return (long) Math.clamp(rounded, type.minInteger(), type.maxInteger());
  }

  @Property(tries = 200)
  void addAndMulRoundEveryStepToFloat(@ForAll long seed) {
    Draws draws = new Draws(seed);
    boolean add = draws.maybe();
    Activation activation = draws.activation();
    Tensor a = draws.integers(draws.bytes(), Shape.of(2, 1, 3));
    Tensor b = draws.integers(draws.bytes(), draws.maybe() ? Shape.of(4, 1) : Shape.of(3));
    Tensor[] scales = {draws.scales(1), draws.scales(1), draws.scales(1)};
    Tensor aZero = draws.maybe() ? draws.zeroPoints(a.elementType(), 1) : null;
    Tensor bZero = draws.maybe() ? draws.zeroPoints(b.elementType(), 1) : null;
    Tensor yZero = draws.maybe() ? draws.zeroPoints(draws.bytes(), 1) : null;
    OpCall call =
        OpCall.ofTensors(
            draws.activated(activation),
            Arrays.asList(a, scales[0], aZero, b, scales[1], bZero, scales[2], yZero),
            1);
    OpDefinition op = add ? QuantOps.Q_ADD : QuantOps.Q_MUL;

    Tensor y = op.evaluate(call).getFirst();

    boolean tall = b.shape().rank() == 2;
    assertThat(y.shape()).isEqualTo(tall ? Shape.of(2, 4, 3) : Shape.of(2, 1, 3));
    for (int i = 0; i < y.elementCount(); i++) {
      int column = i % 3;
      int row = tall ? i / 3 % 4 : 0;
      int outer = i / (tall ? 12 : 3);
      float p = real(a, scales[0], aZero, a.get(outer, 0, column));
      float q = real(b, scales[1], bZero, tall ? b.get(row, 0) : b.get(column));
      float f = activation.applyFloat(add ? p + q : p * q);
      assertThat(y.longAt(i)).isEqualTo(quantized(f, scales[2], yZero));
    }
    TransferChecks.check(op, call, draws.random, 0, 3);
    if (activation.isClamp()) {
      ExpansionChecks.same(op, call);
    }
  }

  @Property(tries = 200)
  void averagesDivideByTheTapsThatCount(@ForAll long seed) {
    Draws draws = new Draws(seed);
    int height = draws.between(2, 5);
    int width = draws.between(2, 5);
    Tensor x = draws.integers(draws.bytes(), Shape.of(1, 2, height, width));
    Tensor xScale = draws.scales(1);
    Tensor xZero = draws.zeroPoints(x.elementType(), 1);
    Tensor yScale = draws.scales(1);
    Tensor yZero = draws.zeroPoints(draws.bytes(), 1);
    boolean padded = draws.maybe();
    long pad = padded ? 1 : 0;
    boolean includePad = draws.maybe();
    Attributes attributes =
        Attributes.NONE
            .with(SlidingWindow.KERNEL_SHAPE, List.of(2L, 2L))
            .with(SlidingWindow.PADS, List.of(pad, pad, pad, pad))
            .with(SlidingWindow.COUNT_INCLUDE_PAD, includePad ? 1L : 0L);
    OpCall call = OpCall.ofTensors(attributes, Arrays.asList(x, xScale, xZero, yScale, yZero), 1);

    Tensor y = QuantOps.Q_AVERAGE_POOL.evaluate(call).getFirst();

    int rows = height - 1 + 2 * (int) pad;
    int columns = width - 1 + 2 * (int) pad;
    assertThat(y.shape()).isEqualTo(Shape.of(1, 2, rows, columns));
    for (int i = 0; i < y.elementCount(); i++) {
      int top = i / columns % rows - (int) pad;
      int left = i % columns - (int) pad;
      int channel = i / columns / rows;
      long sum = 0;
      int inside = 0;
      for (int k = 0; k < 4; k++) {
        int r = top + k / 2;
        int c = left + k % 2;
        if (r >= 0 && c >= 0 && r < height && c < width) {
          sum += (long) (x.get(0, channel, r, c) - zero(xZero));
          inside++;
        }
      }
      int count = includePad ? 4 : inside;
      assertThat(y.longAt(i)).isEqualTo(mean(sum, count, xScale, yScale, yZero));
    }
    TransferChecks.check(QuantOps.Q_AVERAGE_POOL, call, draws.random, 0);
    ExpansionChecks.same(QuantOps.Q_AVERAGE_POOL, call);
  }

  private static long mean(long sum, int count, Tensor xScale, Tensor yScale, Tensor yZero) {
    float multiplier = (float) xScale.doubleAt(0) / ((float) count * (float) yScale.doubleAt(0));
    double rounded = Math.rint((float) sum * multiplier) + zero(yZero);
    ElementType type = yZero.elementType();
    return (long) Math.clamp(rounded, type.minInteger(), type.maxInteger());
  }

  @Property(tries = 100)
  void theGlobalAverageCoversEveryPosition(@ForAll long seed) {
    Draws draws = new Draws(seed);
    Tensor x = draws.integers(draws.bytes(), Shape.of(2, 3, 4, 5));
    Tensor xScale = draws.scales(1);
    Tensor xZero = draws.zeroPoints(x.elementType(), 1);
    Tensor yScale = draws.scales(1);
    Tensor yZero = draws.zeroPoints(draws.bytes(), 1);
    OpCall call =
        OpCall.ofTensors(Attributes.NONE, Arrays.asList(x, xScale, xZero, yScale, yZero), 1);

    Tensor y = QuantOps.Q_GLOBAL_AVERAGE_POOL.evaluate(call).getFirst();

    for (int plane = 0; plane < 6; plane++) {
      long sum = 0;
      for (int i = 0; i < 20; i++) {
        sum += x.longAt(plane * 20 + i) - xZero.longAt(0);
      }
      assertThat(y.longAt(plane)).isEqualTo(mean(sum, 20, xScale, yScale, yZero));
    }
    TransferChecks.check(QuantOps.Q_GLOBAL_AVERAGE_POOL, call, draws.random, 0);
    ExpansionChecks.same(QuantOps.Q_GLOBAL_AVERAGE_POOL, call);
  }

  /** The one rounding of the mean of 0..6 taken in pairs; others round to 0 2 2 4 4 6 6. */
  @Test
  void meansRoundOnceAndTiesGoToTheEvenSide() {
    Tensor x = Tensor.ofLongs(ElementType.UINT8, Shape.of(1, 1, 7), 0, 1, 2, 3, 4, 5, 6);
    Tensor one = Tensor.scalar(ElementType.FLOAT, 1);
    Attributes pairs = Attributes.NONE.with(SlidingWindow.KERNEL_SHAPE, List.of(2L));
    Tensor even = pool(pairs, x, one, Tensor.scalar(ElementType.UINT8, 0));
    Tensor odd = pool(pairs, x, one, Tensor.scalar(ElementType.UINT8, 1));

    assertThat(even.toLongs()).containsExactly(0, 2, 2, 4, 4, 6);
    assertThat(odd.toLongs()).containsExactly(1, 3, 3, 5, 5, 7);
  }

  private static Tensor pool(Attributes attributes, Tensor x, Tensor scale, Tensor yZero) {
    Tensor zero = Tensor.scalar(ElementType.UINT8, 0);
    OpCall call = OpCall.ofTensors(attributes, Arrays.asList(x, scale, zero, scale, yZero), 1);
    return QuantOps.Q_LINEAR_AVERAGE_POOL.evaluate(call).getFirst();
  }

  @Test
  void theLastWindowMustNotStartInThePadding() {
    Tensor x = Tensor.ofLongs(ElementType.UINT8, Shape.of(1, 1, 4), 2, 4, 6, 8);
    Tensor one = Tensor.scalar(ElementType.FLOAT, 1);
    Attributes attributes =
        Attributes.NONE
            .with(SlidingWindow.KERNEL_SHAPE, List.of(2L))
            .with(SlidingWindow.STRIDES, List.of(3L))
            .with(SlidingWindow.PADS, List.of(0L, 1L))
            .with(SlidingWindow.CEIL_MODE, 1L);

    Tensor y = pool(attributes, x, one, Tensor.scalar(ElementType.UINT8, 0));

    assertThat(y.toLongs()).containsExactly(3, 8);
  }

  @Property(tries = 100)
  void aTableIsIndexedByTheUnsignedByte(@ForAll long seed) {
    Draws draws = new Draws(seed);
    Tensor table = draws.integers(draws.bytes(), Shape.of(256));
    Tensor x = draws.integers(draws.bytes(), Shape.of(17));
    OpCall call = OpCall.ofTensors(Attributes.NONE, Arrays.asList(x, table), 1);

    Tensor y = QuantOps.Q_TABLE.evaluate(call).getFirst();

    for (int i = 0; i < 17; i++) {
      assertThat(y.longAt(i)).isEqualTo(table.longAt(x.bitsAt(i)));
    }
    TransferChecks.check(QuantOps.Q_TABLE, call, draws.random, 0);
    ExpansionChecks.same(QuantOps.Q_TABLE, call);
  }

  @Property(tries = 100)
  void requantizeIsDequantizeThenQuantize(@ForAll long seed) {
    Draws draws = new Draws(seed);
    Tensor x = draws.integers(draws.bytes(), Shape.of(40));
    Tensor xScale = draws.scales(1);
    Tensor yScale = draws.scales(1);
    Tensor xZero = draws.zeroPoints(x.elementType(), 1);
    Tensor yZero = draws.zeroPoints(draws.bytes(), 1);
    OpCall call =
        OpCall.ofTensors(Attributes.NONE, Arrays.asList(x, xScale, xZero, yScale, yZero), 1);
    QuantParams from =
        QuantParams.perTensor(x.elementType(), (float) xScale.doubleAt(0), xZero.longAt(0));
    QuantParams to =
        QuantParams.perTensor(yZero.elementType(), (float) yScale.doubleAt(0), yZero.longAt(0));

    assertThat(QuantOps.REQUANTIZE.evaluate(call).getFirst())
        .isEqualTo(to.quantize(from.dequantize(x)));
    TransferChecks.check(QuantOps.REQUANTIZE, call, draws.random, 0);
    ExpansionChecks.same(QuantOps.REQUANTIZE, call);
  }

  @Property(tries = 100)
  void concatRequantizesEachBranch(@ForAll long seed) {
    Draws draws = new Draws(seed);
    Tensor yScale = draws.scales(1);
    Tensor yZero = draws.zeroPoints(ElementType.UINT8, 1);
    Tensor same = draws.integers(ElementType.UINT8, Shape.of(2, 1, 2));
    Tensor other = draws.integers(draws.bytes(), Shape.of(2, 3, 2));
    Tensor oScale = draws.scales(1);
    Tensor oZero = draws.zeroPoints(other.elementType(), 1);
    OpCall call =
        OpCall.ofTensors(
            Attributes.NONE.with(QConcat.AXIS, -2L),
            Arrays.asList(yScale, yZero, same, yScale, yZero, other, oScale, oZero),
            1);

    Tensor y = QuantOps.Q_CONCAT.evaluate(call).getFirst();

    assertThat(y.shape()).isEqualTo(Shape.of(2, 4, 2));
    for (int i = 0; i < 16; i++) {
      int row = i / 2 % 4;
      double expected =
          row == 0
              ? same.get(i / 8, 0, i % 2)
              : quantized(
                  real(other, oScale, oZero, other.get(i / 8, row - 1, i % 2)), yScale, yZero);
      assertThat(y.doubleAt(i)).isEqualTo(expected);
    }
    TransferChecks.check(QuantOps.Q_CONCAT, call, draws.random, 2, 5);
    ExpansionChecks.same(QuantOps.Q_CONCAT, call);
  }

  @Property(tries = 100)
  void functionsAreQuantizedAfterTheRealFunction(@ForAll long seed) {
    Draws draws = new Draws(seed);
    Tensor x = draws.integers(draws.bytes(), Shape.of(2, 8));
    Tensor xScale = draws.scales(1);
    Tensor xZero = draws.zeroPoints(x.elementType(), 1);
    Tensor yScale = Tensor.scalar(ElementType.FLOAT, 1 / 256.0);
    Tensor yZero = Tensor.scalar(ElementType.UINT8, 0);
    List<@Nullable Tensor> inputs = Arrays.asList(x, xScale, xZero, yScale, yZero);
    OpCall sigmoid = OpCall.ofTensors(Attributes.NONE, inputs, 1);
    OpCall softmax = OpCall.ofTensors(Attributes.NONE.with(QLinearSoftmax.OPSET, 13L), inputs, 1);

    Tensor s = QuantOps.Q_LINEAR_SIGMOID.evaluate(sigmoid).getFirst();
    Tensor m = QuantOps.Q_LINEAR_SOFTMAX.evaluate(softmax).getFirst();

    for (int i = 0; i < 16; i++) {
      double argument = real(x, xScale, xZero, x.doubleAt(i));
      float logistic = (float) (1 / (1 + Math.exp(-argument)));
      assertThat(s.longAt(i)).isEqualTo(quantized(logistic, yScale, yZero));
      double sum = 0;
      for (int j = 0; j < 8; j++) {
        sum += Math.exp(real(x, xScale, xZero, x.get(i / 8, j)) - argument);
      }
      assertThat(Math.abs(m.longAt(i) - quantized((float) (1 / sum), yScale, yZero)))
          .isLessThanOrEqualTo(1);
    }
    TransferChecks.check(QuantOps.Q_LINEAR_SIGMOID, sigmoid, draws.random, 0);
    TransferChecks.check(QuantOps.Q_LINEAR_SOFTMAX, softmax, draws.random, 0);
    TransferChecks.check(QuantOps.Q_LINEAR_LEAKY_RELU, sigmoid, draws.random, 0);
  }
}
