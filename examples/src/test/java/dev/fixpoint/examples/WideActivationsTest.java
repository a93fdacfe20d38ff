package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.quant.QuantOps;
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
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Activations of 16 bits with weights of 8, from placement to a run on integers. */
class WideActivationsTest {
  /** What moves elements as they are. */
  private static final Set<String> MOVEMENTS =
      Set.of("Reshape", "Flatten", "Transpose", "Slice", "Gather", "Split", "Concat", "Unsqueeze");

  private static final Compiler COMPILER =
      new Compiler(
          CompilerOptions.DEFAULT
              .withEvaluator(new RuntimeEvaluator())
              .withScheme(QuantScheme.DEFAULT.withTypes(ElementType.INT16, ElementType.INT8)));

  private static Tensor logits(Graph graph, Map<String, Tensor> images) {
    try (InferenceSession session = InferenceSession.of(graph)) {
      return session.run(images).get(Digits.OUTPUT);
    }
  }

  @ParameterizedTest
  @CsvSource({"mlp, 50", "rescnn, 40", "mobile, 35.5", "vit, 47"})
  void onlyTheWeightsCostDecibels(String network, double atLeast) {
    Graph model = OnnxReader.read(Digits.model(network));
    Map<String, Tensor> images = Digits.test().batches(25).getFirst();
    Graph quantized = COMPILER.quantize(model, Digits.calibration().batches(64)).graph();
    Graph file = OnnxReader.read(OnnxWriter.toBytes(quantized));

    Graph lowered = COMPILER.lower(file).graph();

    Tensor actual = logits(lowered, images);
    assertThat(Logits.sqnr(logits(model, images), actual)).isGreaterThanOrEqualTo(atLeast);
    assertThat(lowered.nodes())
        .extracting(node -> node.opId().name())
        .doesNotContain("Conv", "FusedConv", "Gemm", "FusedGemm");
    assertThat(lowered.nodes().stream().anyMatch(node -> node.calls(QuantOps.QUANTIZE_LINEAR)))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn", "mobile", "vit"})
  void theRuntimeHasAKernelForAllThatComputes(String network) {
    Graph model = OnnxReader.read(Digits.model(network));
    Map<String, Tensor> images = Digits.test().batches(2).getFirst();
    Graph lowered = COMPILER.lower(COMPILER.quantize(model, List.of(images)).graph()).graph();
    Shape shape = images.get(Digits.INPUT).shape();

    try (InferenceSession session = InferenceSession.of(lowered)) {
      ExecutionPlan plan = session.plan(Map.of(Digits.INPUT, shape));
      assertThat(withoutKernel(plan)).isEmpty();
      assertThat(plan.integerMacShare()).isGreaterThanOrEqualTo(0.95);
    }
  }

  @Test
  void networksOfBytesKeepTheirKernels() {
    Compiler bytes = new Compiler(CompilerOptions.DEFAULT.withEvaluator(new RuntimeEvaluator()));
    Graph model = OnnxReader.read(Digits.model("mobile"));
    Map<String, Tensor> images = Digits.test().batches(2).getFirst();
    Graph lowered = bytes.lower(bytes.quantize(model, List.of(images)).graph()).graph();

    try (InferenceSession session = InferenceSession.of(lowered)) {
      Shape shape = images.get(Digits.INPUT).shape();
      assertThat(session.plan(Map.of(Digits.INPUT, shape)).steps())
          .extracting(step -> step.kernel())
          .noneMatch(kernel -> kernel.startsWith("Wide"));
    }
  }

  /** Operators that compute and have no kernel of the runtime. */
  private static List<String> withoutKernel(ExecutionPlan plan) {
    return plan.steps().stream()
        .filter(step -> step.kernel().equals("ReferenceKernel"))
        .map(step -> step.operator())
        .filter(operator -> !MOVEMENTS.contains(operator))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b = MaxPool<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(a)",
        "b = AveragePool<kernel_shape = [2, 3], strides = [2, 1]>(a)",
        "b = GlobalAveragePool(a)",
        "b = Sigmoid(a)",
        "b = HardSwish(a)",
        "b = Gelu(a)",
        "b = Add(a, a2)",
        "b = Mul(a, a2)",
        "b = Conv<strides = [2, 2], group = 4>(a, wd)",
        "b = ConvTranspose<strides = [2, 1], group = 4>(a, wd)"
      })
  void poolsFunctionsAndSumsStayIntegersOnTheirOwnKernels(String statement) {
    Graph model =
        OnnxTextReader.read(
            "sandwich",
            """
            <ir_version: 10, opset_import: ["" : 21]>
            sandwich (float[2,4,8,8] x) => (float[N,4,H,W] y)
            <float[4,4,3,3] w, float[4,4,1,1] w2, float[4,1,2,2] wd>
            {
              a = Conv<pads = [1, 1, 1, 1]>(x, w)
              a2 = Conv<pads = [1, 1, 1, 1]>(x, w)
              %s
              y = Conv(b, w2)
            }
            """
                .formatted(statement)
                .replace("[4,4,3,3] w", "[4,4,3,3] w = {" + numbers(144) + "}")
                .replace("[4,4,1,1] w2", "[4,4,1,1] w2 = {" + numbers(16) + "}")
                .replace("[4,1,2,2] wd", "[4,1,2,2] wd = {" + numbers(16) + "}"));
    double[] values = new Random(4).doubles(512, -2, 2).toArray();
    Tensor x = Tensor.ofDoubles(ElementType.FLOAT, Shape.of(2, 4, 8, 8), values);
    Map<String, Tensor> inputs = Map.of("x", x);

    CompiledModel compiled = COMPILER.lower(COMPILER.quantize(model, List.of(inputs)).graph());

    assertThat(compiled.report().floats()).isEmpty();
    try (InferenceSession session = InferenceSession.of(compiled.graph())) {
      assertThat(withoutKernel(session.plan(Map.of("x", x.shape())))).isEmpty();
      assertThat(session.run(inputs))
          .isEqualTo(new ReferenceInterpreter().prepare(compiled.graph()).evaluate(inputs));
    }
  }

  private static String numbers(int count) {
    return new Random(count)
        .doubles(count, -1, 1)
        .mapToObj(value -> String.format(Locale.ROOT, "%.4f", value))
        .collect(Collectors.joining(", "));
  }

  /** Networks without functions in float, of which other implementations may differ. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp", "rescnn"})
  void theRuntimeGivesTheBitsOfTheReference(String network) {
    Graph model = OnnxReader.read(Digits.model(network));
    Map<String, Tensor> images = Digits.test().batches(4).getFirst();
    Graph lowered = COMPILER.lower(COMPILER.quantize(model, List.of(images)).graph()).graph();

    assertThat(logits(lowered, images))
        .isEqualTo(new ReferenceInterpreter().prepare(lowered).evaluate(images).get(Digits.OUTPUT));
  }
}
