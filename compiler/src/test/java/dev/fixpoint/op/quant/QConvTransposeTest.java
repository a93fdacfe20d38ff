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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** QConvTranspose against plain loops and the written specification of its epilogue. */
class QConvTransposeTest {
  private static final QConvTranspose OP = new QConvTranspose();

  @Property(tries = 500)
  void equalsThePlainLoops(@ForAll long seed) {
    Draws draws = new Draws(seed);
    TransposedDraw draw = new TransposedDraw(draws);
    Activation activation = draws.activation();
    @Nullable Tensor[] inputs = new Tensor[9];
    draw.fill(inputs);
    inputs[6] = draws.maybe() ? draws.biases(draw.features) : null;
    boolean integer = draws.maybe();
    ElementType type = draws.bytes();
    inputs[7] = integer ? draws.scales(1) : null;
    inputs[8] = integer && draws.maybe() ? draws.zeroPoints(type, 1) : null;
    OpCall call = OpCall.ofTensors(activation.addTo(draw.attributes), Arrays.asList(inputs), 1);

    Tensor y = OP.evaluate(call).getFirst();

    assertThat(y.shape()).isEqualTo(draw.output);
    SpecifiedEpilogue epilogue = new SpecifiedEpilogue(activation, inputs[7], inputs[8]);
    for (int i = 0; i < y.elementCount(); i++) {
      int accumulator = Math.toIntExact(draw.accumulator(i) + bias(inputs, draw.channel(i)));
      float xScale = scale(inputs[1], 0);
      float wScale = scale(inputs[4], draw.channel(i));
      assertThat(y.doubleAt(i)).isEqualTo(epilogue.of(accumulator, xScale, wScale, null));
    }
    TransferChecks.check(OP, call, draws.random, 0);
    if (OP.expansion(call) != null) {
      closeToTheExpansion(call, draw, inputs, y);
    }
  }

  /** The float form rounds every number and every sum; each product counts a few units. */
  private static void closeToTheExpansion(
      OpCall call, TransposedDraw draw, @Nullable Tensor[] inputs, Tensor expected) {
    Tensor actual = ExpansionChecks.evaluate(OP, call);
    assertThat(actual.type()).isEqualTo(expected.type());
    for (int i = 0; i < expected.elementCount(); i++) {
      double terms = draw.magnitude(i) + Math.abs(bias(inputs, draw.channel(i)));
      double real = terms * scale(inputs[1], 0) * scale(inputs[4], draw.channel(i));
      double allowed =
          expected.elementType().isInteger() ? 1 : 8 * 0x1p-23 * real + Float.MIN_NORMAL;
      assertThat(Math.abs(actual.doubleAt(i) - expected.doubleAt(i))).isLessThanOrEqualTo(allowed);
    }
  }

  private static long bias(@Nullable Tensor[] inputs, int channel) {
    return inputs[6] == null ? 0 : inputs[6].longAt(channel);
  }

  private static float scale(@Nullable Tensor scales, int index) {
    assertThat(scales).isNotNull();
    return (float) scales.doubleAt(scales.elementCount() == 1 ? 0 : index);
  }

  @Test
  void scalesThatDifferFromGroupToGroupHaveNoFormInOnnx() {
    Tensor x = Tensor.filled(ElementType.UINT8, Shape.of(1, 2, 2, 2), 1);
    Tensor w = Tensor.filled(ElementType.INT8, Shape.of(2, 1, 2, 2), 1);
    Tensor one = Tensor.scalar(ElementType.FLOAT, 1);
    Attributes groups = Attributes.NONE.with(SlidingWindow.GROUP, 2L);

    assertThat(OP.expansion(call(groups, x, one, null, w, Tensor.ofFloats(Shape.of(2), 1, 2))))
        .isNull();
    assertThat(OP.expansion(call(groups, x, one, null, w, Tensor.ofFloats(Shape.of(2), 2, 2))))
        .isNotNull();
  }

  @Test
  void refusesAnAccumulatorThatDoesNotFitAndShapesThatDoNot() {
    Tensor one = Tensor.scalar(ElementType.FLOAT, 1);
    Tensor x = Tensor.filled(ElementType.UINT8, Shape.of(1, 65_794, 1), 255);
    Tensor w = Tensor.filled(ElementType.INT8, Shape.of(65_794, 1, 1), -128);

    assertThatThrownBy(() -> OP.evaluate(call(Attributes.NONE, x, one, null, w, one)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("does not fit 32 bits");

    Tensor image = Tensor.filled(ElementType.UINT8, Shape.of(1, 3, 4, 4), 1);
    Tensor other = Tensor.filled(ElementType.INT8, Shape.of(2, 2, 3, 3), 1);
    assertThatThrownBy(() -> OP.evaluate(call(Attributes.NONE, image, one, null, other, one)))
        .hasMessageContaining("cannot spread");
    Tensor fits = Tensor.filled(ElementType.INT8, Shape.of(3, 2, 3, 3), 1);
    Attributes two = Attributes.NONE.with(SlidingWindow.GROUP, 2L);
    assertThatThrownBy(() -> OP.evaluate(call(two, image, one, null, fits, one)))
        .hasMessageContaining("2 groups");
  }

  private static OpCall call(Attributes attributes, @Nullable Tensor... inputs) {
    return OpCall.ofTensors(attributes, Arrays.asList(inputs), 1);
  }
}
