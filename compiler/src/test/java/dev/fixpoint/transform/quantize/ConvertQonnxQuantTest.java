package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QonnxQuant;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.RewritePass;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** QONNX Quant and its exact form as FakeQuant. */
class ConvertQonnxQuantTest {
  private final PassContext context = new PassContext(new ReferenceInterpreter(), Map.of());

  private Graph convert(Graph graph) {
    RuleSet rules = new RuleSet(List.of(ConvertQonnxQuant.RULE));
    return Quantization.run(context, graph, new RewritePass("convert", rules));
  }

  private static Graph quant(Attributes attributes, float scale, float zero, float bits) {
    GraphBuilder g = new GraphBuilder("quant");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 200));
    Value s = g.constant("s", Tensor.ofFloats(Shape.SCALAR, scale));
    Value z = g.constant("z", Tensor.ofFloats(Shape.SCALAR, zero));
    Value b = g.constant("b", Tensor.ofFloats(Shape.SCALAR, bits));
    return g.output(g.call("y", QuantOps.QONNX_QUANT, attributes, x, s, z, b)).build();
  }

  @Property(tries = 200)
  void theConvertedGraphHasTheSameBits(@ForAll long seed) {
    long bits = 1 + Math.floorMod(seed, 8);
    Attributes attributes =
        Attributes.NONE
            .with(QonnxQuant.SIGNED, bits == 1 ? 0L : Math.floorMod(seed / 8, 2L))
            .with(QonnxQuant.NARROW, Math.floorMod(seed / 16, 2L));
    float scale = Math.scalb(1 + Math.floorMod(seed / 32, 100) / 100f, -4);
    Graph plain = quant(attributes, scale, 0, bits);
    Tensor x = Quantization.random(seed, 20, 200);
    // Half of the numbers lie on ties.
    float[] values = x.toFloats();
    for (int i = 0; i < values.length; i += 2) {
      values[i] = (float) (Math.rint(values[i] / scale) + 0.5) * scale;
    }
    Tensor ties = Tensor.ofFloats(x.shape(), values);

    Graph converted = convert(plain);

    assertThat(Quantization.count(converted, QuantOps.FAKE_QUANT)).isEqualTo(1);
    assertThat(Quantization.evaluate(converted, ties))
        .isEqualTo(Quantization.evaluate(plain, ties));
  }

  @Test
  void anOddZeroPointHasNoExactFormAndStays() {
    Graph plain = quant(Attributes.NONE, 0.5f, 3, 8);

    assertThat(convert(plain)).isSameAs(plain);
    assertThat(context.refusals())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).contains("zero point 0"));
  }

  @Test
  void otherRoundingsStay() {
    Graph plain = quant(Attributes.NONE.with(QonnxQuant.ROUNDING_MODE, "FLOOR"), 0.5f, 0, 8);

    assertThat(convert(plain)).isSameAs(plain);
  }
}
