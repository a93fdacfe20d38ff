package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.runtime.ExecutionPlan;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that makes pictures larger, from a float model to a run on integers. */
class TransposedConvolutionTest {
  private static final Shape INPUT = Shape.of(2, 1, 12, 12);

  private static Graph model() {
    return OnnxTextReader.read(
        "up",
        """
        <ir_version: 10, opset_import: ["" : 21]>
        up (float[N,1,12,12] x) => (float[N,4,26,26] y)
        <float[8,1,3,3] w1 = {%s}, float[8,4,4,4] w2 = {%s}, float[4,2,3,3] w3 = {%s},
         float[4,4,3,3] w4 = {%s}, float[4] b = {0.3, -0.2, 0.1, 0},
         float[4] s = {0.7, 0.6, 1, 0.5}, float[4] v = {1, 0.8, 1.2, 0.9}>
        {
          a = Conv<pads = [1, 1, 1, 1]>(x, w1)
          r = Relu(a)
          t = ConvTranspose<strides = [2, 2], pads = [1, 1, 1, 1]>(r, w2, b)
          n = BatchNormalization(t, s, b, b, v)
          q = Relu(n)
          u = ConvTranspose<group = 2>(q, w3, b)
          y = Conv<pads = [1, 1, 1, 1]>(u, w4, b)
        }
        """
            .formatted(numbers(1, 72), numbers(2, 512), numbers(3, 72), numbers(4, 144)));
  }

  private static String numbers(long seed, int count) {
    return new Random(seed)
        .doubles(count, -0.4, 0.4)
        .mapToObj(value -> String.format(Locale.ROOT, "%.4f", value))
        .collect(Collectors.joining(", "));
  }

  private static Map<String, Tensor> images() {
    double[] values = new Random(7).doubles(INPUT.elementCount(), -2, 2).toArray();
    return Map.of("x", Tensor.ofDoubles(ElementType.FLOAT, INPUT, values));
  }

  private static Compiler compiler(QuantScheme scheme) {
    return new Compiler(
        CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()).withScheme(scheme));
  }

  @Test
  void allOfItRunsOnIntegersWithTheBitsOfTheReference() {
    Compiler compiler = compiler(QuantScheme.DEFAULT);
    CompiledModel quantized = compiler.quantize(model(), List.of(images()));
    Graph lowered = compiler.lower(quantized.graph()).graph();

    assertThat(quantized.report().floats()).isEmpty();
    assertThat(quantized.report().integers())
        .extracting(entry -> entry.operator())
        .contains("ConvTranspose", "dev.fixpoint.FusedConvTranspose");
    assertThat(lowered.nodes()).extracting(n -> n.opId().name()).doesNotContain("Relu", "QTable");
    try (InferenceSession session = InferenceSession.of(lowered)) {
      ExecutionPlan plan = session.plan(Map.of("x", INPUT));
      assertThat(plan.integerMacShare()).isEqualTo(1);
      assertThat(plan.steps())
          .filteredOn(step -> step.operator().equals("QConvTranspose"))
          .extracting(step -> step.kernel())
          .containsExactly("QConvTransposeKernel", "QConvTransposeKernel");
      assertThat(session.run(images()))
          .isEqualTo(new ReferenceInterpreter().prepare(lowered).evaluate(images()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itKeepsItsDecibels(boolean perChannel) {
    Compiler compiler = compiler(QuantScheme.DEFAULT.withPerChannel(perChannel));
    Graph lowered = compiler.lower(compiler.quantize(model(), List.of(images())).graph()).graph();

    Tensor expected = new ReferenceInterpreter().prepare(model()).evaluate(images()).get("y");
    Tensor actual = new ReferenceInterpreter().prepare(lowered).evaluate(images()).get("y");

    assertThat(Logits.sqnr(expected, actual)).isGreaterThanOrEqualTo(30);
  }
}
