package dev.fixpoint.op.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** QConv against seven plain loops and the written specification of its epilogue. */
class QConvTest {
  private static final QConv OP = new QConv();

  @Property(tries = 300)
  void equalsThePlainLoops(@ForAll long seed) {
    Draws draws = new Draws(seed);
    ConvolutionDraw draw = new ConvolutionDraw(draws);
    Activation activation = draws.activation();
    @Nullable Tensor[] inputs = new Tensor[12];
    draw.fill(inputs, 0, 3);
    inputs[6] = draws.maybe() ? draws.biases(draw.features) : null;
    boolean integer = draws.maybe();
    ElementType type = draws.bytes();
    inputs[7] = integer ? draws.scales(1) : null;
    inputs[8] = integer && draws.maybe() ? draws.zeroPoints(type, 1) : null;
    residual(draws, draw, inputs);
    Attributes attributes = activation.addTo(draw.attributes);
    OpCall call = OpCall.ofTensors(attributes, Arrays.asList(inputs), 1);

    Tensor y = OP.evaluate(call).getFirst();

    assertThat(y.shape()).isEqualTo(draw.output);
    SpecifiedEpilogue epilogue = new SpecifiedEpilogue(activation, inputs[7], inputs[8]);
    float xScale = (float) draws(inputs[1], 0);
    for (int i = 0; i < y.elementCount(); i++) {
      int channel = draw.channel(i);
      long bias = inputs[6] == null ? 0 : inputs[6].longAt(channel);
      int accumulator = Math.toIntExact(draw.accumulator(i) + bias);
      float wScale = (float) draws(inputs[4], channel);
      double expected = epilogue.of(accumulator, xScale, wScale, residualAt(inputs, i));
      assertThat(y.doubleAt(i)).isEqualTo(expected);
    }
    TransferChecks.check(OP, call, draws.random, 0);
    if (activation.isClamp()) {
      ExpansionChecks.same(OP, call);
    } else {
      ExpansionChecks.close(OP, call);
    }
  }

  private static void residual(Draws draws, ConvolutionDraw draw, @Nullable Tensor[] inputs) {
    switch (draws.between(0, 2)) {
      case 0 -> inputs[9] = draws.floats(draw.output, 2);
      case 1 -> {
        inputs[9] = draws.integers(ElementType.INT8, draw.output);
        inputs[10] = draws.scales(1);
        inputs[11] = draws.maybe() ? draws.zeroPoints(ElementType.INT8, 1) : null;
      }
      default -> {}
    }
  }

  private static @Nullable Float residualAt(@Nullable Tensor[] inputs, int index) {
    Tensor residual = inputs[9];
    if (residual == null) {
      return null;
    }
    if (inputs[10] == null) {
      return (float) residual.doubleAt(index);
    }
    long zero = inputs[11] == null ? 0 : inputs[11].longAt(0);
    return (float) (residual.longAt(index) - zero) * (float) inputs[10].doubleAt(0);
  }

  private static double draws(@Nullable Tensor scales, int index) {
    assertThat(scales).isNotNull();
    return scales.doubleAt(scales.elementCount() == 1 ? 0 : index);
  }

  @Test
  void refusesAnAccumulatorThatDoesNotFit() {
    // 65,794 taps of 255 * 128 exceed 2^31 - 1; one tap less does not.
    assertThat(ones(65_793).longAt(0)).isEqualTo(255);
    assertThatThrownBy(() -> ones(65_794))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("does not fit 32 bits");
  }

  private static Tensor ones(int taps) {
    Tensor x = Tensor.filled(ElementType.UINT8, Shape.of(1, 1, taps), 255);
    long[] weights = new long[taps];
    Arrays.fill(weights, -128);
    Tensor w = Tensor.ofLongs(ElementType.INT8, Shape.of(1, 1, taps), weights);
    Tensor one = Tensor.scalar(ElementType.FLOAT, 1);
    Tensor negative = Tensor.scalar(ElementType.UINT8, 255);
    List<@Nullable Tensor> inputs = Arrays.asList(x, one, null, w, one, null, null, one, negative);
    Tensor y = OP.evaluate(OpCall.ofTensors(Attributes.NONE, inputs, 1)).getFirst();
    return Tensor.ofLongs(ElementType.UINT8, Shape.of(1), 255 - y.longAt(0));
  }

  /** Pairs of products in 16 bits would saturate here; full-range operands must stay exact. */
  @Test
  void staysExactOnFullRangeBytes() {
    Draws draws = new Draws(13);
    Tensor x = draws.integers(ElementType.UINT8, Shape.of(1, 16, 6, 6));
    Tensor w = draws.integers(ElementType.INT8, Shape.of(8, 16, 3, 3));
    Tensor one = Tensor.scalar(ElementType.FLOAT, 1);
    OpCall call = OpCall.ofTensors(Attributes.NONE, Arrays.asList(x, one, null, w, one, null), 1);
    Tensor y = OP.evaluate(call).getFirst();
    for (int m = 0; m < 8; m++) {
      long sum = 0;
      for (int c = 0; c < 16; c++) {
        for (int k = 0; k < 9; k++) {
          sum += (long) (x.get(0, c, k / 3, k % 3) * w.get(m, c, k / 3, k % 3));
        }
      }
      assertThat(y.get(0, m, 0, 0)).isEqualTo((float) sum);
    }
  }

  @Test
  void namesWhatDoesNotFit() {
    Tensor x = Tensor.filled(ElementType.UINT8, Shape.of(1, 3, 4, 4), 1);
    Tensor w = Tensor.filled(ElementType.INT8, Shape.of(2, 2, 3, 3), 1);
    Tensor one = Tensor.scalar(ElementType.FLOAT, 1);
    OpCall call = OpCall.ofTensors(Attributes.NONE, Arrays.asList(x, one, null, w, one, null), 1);
    assertThatThrownBy(() -> OP.evaluate(call)).hasMessageContaining("3 channels");
  }
}
