package dev.fixpoint.transform.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.quant.QuantizeLinear;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.ConvTranspose;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.QuantParams;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import dev.fixpoint.transform.weights.QuantizeWeights;
import dev.fixpoint.transform.weights.WeightFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transposed convolutions: where quantizers stand, which scales they have, what runs. */
class TransposedConvolutionTest {
  private static final int CHANNELS = 4;
  private static final int MAPS = 3;

  /** Two transposed convolutions, weights {@code [4, 3, 3, 2]} whose columns differ in size. */
  private static Graph network(int groups) {
    GraphBuilder g = new GraphBuilder("up");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 2, CHANNELS, 4, 5));
    Attributes attributes =
        Attributes.NONE
            .with(ConvTranspose.GROUP, (long) groups)
            .with(WindowGeometry.STRIDES, List.of(2L, 1L))
            .with(ConvTranspose.OUTPUT_PADDING, List.of(1L, 0L));
    Value w = g.constant("w", weights());
    Value b = g.constant("b", Quantization.random(2, 1, (long) groups * MAPS));
    Value y = g.call("y", StandardOps.CONV_TRANSPOSE, attributes, x, w, b);
    Value w2 = g.constant("w2", Quantization.random(3, 0.5, (long) groups * MAPS, 2, 2, 2));
    return g.output(g.call("z", StandardOps.CONV_TRANSPOSE, Attributes.NONE, y, w2)).build();
  }

  private static Tensor weights() {
    double[] values = Quantization.random(1, 0.5, CHANNELS, MAPS, 3, 2).toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] *= i / 6 % MAPS + 1;
    }
    return Tensor.ofDoubles(ElementType.FLOAT, Shape.of(CHANNELS, MAPS, 3, 2), values);
  }

  private static Tensor sample() {
    return Quantization.random(7, 2, 2, CHANNELS, 4, 5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void weightsHaveAScaleForEachOfTheirColumnsAndBiasesTheProductOfBoth(int groups) {
    Quantization q = Quantization.of(network(groups), QuantScheme.DEFAULT, sample());
    Node node = q.fake().producer(value(q.fake(), "y"));
    assertThat(node).isNotNull();
    Node x = q.fake().producer(node.input(0));
    Node w = q.fake().producer(node.input(1));
    Node bias = q.fake().producer(node.input(2));

    assertThat(x).matches(n -> n.calls(QuantOps.FAKE_QUANT));
    assertThat(w).matches(n -> n.calls(QuantOps.FAKE_QUANT));
    assertThat(w.get(QuantizeLinear.AXIS)).isEqualTo(1);
    float[] scales = q.fake().constant(w.input(1)).toFloats();
    assertThat(scales).hasSize(MAPS);
    double[] values = weights().toDoubles();
    for (int m = 0; m < MAPS; m++) {
      double largest = 0;
      for (int i = 0; i < values.length; i++) {
        largest = i / 6 % MAPS == m ? Math.max(largest, Math.abs(values[i])) : largest;
      }
      assertThat(scales[m]).isEqualTo(QuantParams.symmetric(ElementType.INT8, largest).scale(0));
    }
    float xScale = (float) q.fake().constant(x.input(1)).doubleAt(0);
    assertThat(bias).matches(n -> n.calls(QuantOps.DEQUANTIZE_LINEAR));
    assertThat(q.fake().constant(bias.input(0)).elementType()).isEqualTo(ElementType.INT32);
    float[] biasScales = q.fake().constant(bias.input(1)).toFloats();
    assertThat(biasScales).hasSize(groups * MAPS);
    for (int c = 0; c < biasScales.length; c++) {
      assertThat(biasScales[c]).isEqualTo(xScale * scales[c % MAPS]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void runsOnIntegersAndStaysCloseToItsQuantizers(int groups) {
    for (boolean perChannel : List.of(true, false)) {
      QuantScheme scheme = QuantScheme.DEFAULT.withPerChannel(perChannel);
      Quantization q = Quantization.of(network(groups), scheme, sample());

      assertThat(Quantization.count(q.lowered(), QuantOps.Q_CONV_TRANSPOSE)).isEqualTo(2);
      assertThat(QuantReport.ofLowered(q.lowered()).floats()).isEmpty();
      Value last = q.lowered().outputs().getFirst();
      assertThat(q.lowered().type(last).elementType()).isEqualTo(ElementType.FLOAT);
      Tensor fake = Quantization.evaluate(q.fake(), sample());
      Tensor integer = Quantization.evaluate(q.lowered(), sample());
      // One value of y may be a step of its quantizer away at each of 24 terms.
      Node second = q.fake().producer(last);
      Node between = q.fake().producer(second.input(0));
      double step = q.fake().constant(between.input(1)).doubleAt(0);
      double gain = 24 * 0.5;
      assertThat(Quantization.largestDifference(fake, integer)).isLessThanOrEqualTo(step * gain);
    }
  }

  @Test
  void anActivationBehindItBecomesPartOfIt() {
    GraphBuilder g = new GraphBuilder("up");
    Value x = g.input("x", TensorType.of(ElementType.FLOAT, 2, CHANNELS, 4, 5));
    Attributes relu = new Activation.Relu().addTo(Attributes.NONE);
    Value y = g.call("y", StandardOps.FUSED_CONV_TRANSPOSE, relu, x, g.constant("w", weights()));
    Value w2 = g.constant("w2", Quantization.random(3, 0.5, 2, MAPS, 1, 1));
    Graph graph = g.output(g.call("z", StandardOps.CONV, Attributes.NONE, y, w2)).build();

    Quantization q = Quantization.of(graph, QuantScheme.DEFAULT, sample());

    assertThat(q.lowered().nodes()).hasSize(3);
    assertThat(Quantization.count(q.lowered(), QuantOps.Q_CONV_TRANSPOSE)).isEqualTo(1);
  }

  @Test
  void dynamicRangesAndWeightsAloneLeaveItInFloat() {
    Graph graph = network(1);
    Graph weights =
        Quantization.run(
            new PassContext(new ReferenceInterpreter(), Map.of()),
            graph,
            QuantizeWeights.plain(new WeightFormat(ElementType.INT8, 0)));

    QuantReport report = new QuantizeDynamically(QuantScheme.DEFAULT).report(graph);

    assertThat(weights).isEqualTo(graph);
    assertThat(report.integers()).isEmpty();
    assertThat(report.floats())
        .allSatisfy(entry -> assertThat(entry.reason()).contains("no transposed convolution"));
  }

  private static Value value(Graph graph, String name) {
    return graph.nodes().stream()
        .flatMap(node -> node.outputs().stream())
        .filter(value -> value.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
