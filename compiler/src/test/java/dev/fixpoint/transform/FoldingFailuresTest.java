package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.Range;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.DifferentialCheck;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs in {@code known-failures} that widely used optimizers fold or fuse wrongly: every rewrite
 * of them stays within its bound, and each one is looked at for the mistake that it provokes.
 */
class FoldingFailuresTest {
  private static final double MAGNITUDE = 4;

  static Stream<String> graphs() {
    return Stream.of(
        "rectifier-argument-read-twice",
        "gemm-factors-and-normalization",
        "rectifier-before-symmetric-quantizer",
        "normalization-in-training",
        "transposed-convolution-in-groups",
        "weights-shared-by-two-normalized-convolutions",
        "normalization-with-a-dead-channel",
        "half-precision-with-float-statistics",
        "half-precision-that-overflows",
        "shift-before-padding",
        "factors-along-columns",
        "normalized-rows-of-a-stack");
  }

  private static Graph read(String name) throws IOException {
    String file = "/dev/fixpoint/known-failures/" + name + ".onnxtxt";
    try (InputStream stream = FoldingFailuresTest.class.getResourceAsStream(file)) {
      String text =
          new String(Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8);
      return OnnxTextReader.read(name, text);
    }
  }

  private static PassContext context() {
    Range range = Range.of(-MAGNITUDE, MAGNITUDE);
    return new PassContext(new ReferenceInterpreter(), Map.of("x", range));
  }

  private static Graph optimized(Graph graph, PassContext context) {
    return run(StandardPipelines.floatOptimizations(), graph, context);
  }

  private static Graph optimized(String name) throws IOException {
    return optimized(read(name), context());
  }

  private static Graph run(Pipeline pipeline, Graph graph, PassContext context) {
    return new PassManager(pipeline, List.of()).run(graph, context);
  }

  private static Tensor sample(Graph graph) {
    Shape shape = graph.type(graph.inputs().getFirst()).shape();
    ElementType type = graph.type(graph.inputs().getFirst()).elementType();
    double[] values =
        new SplittableRandom(1).doubles(shape.elementCount(), -MAGNITUDE, MAGNITUDE).toArray();
    return Tensor.ofDoubles(type, shape, values);
  }

  private static Map<String, Tensor> evaluate(Graph graph) {
    return new ReferenceInterpreter().prepare(graph).evaluate(Map.of("x", sample(graph)));
  }

  private static List<Node> nodes(Graph graph, OpDefinition op) {
    return graph.nodes().stream().filter(node -> node.calls(op)).toList();
  }

  private static Tensor constant(Graph graph, Node node, int input) {
    return Objects.requireNonNull(graph.constant(node.input(input)));
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void everyRewriteStaysWithinItsBound(String name) throws IOException {
    DifferentialCheck check = new DifferentialCheck(20, 1);

    new PassManager(StandardPipelines.floatOptimizations(), List.of(check))
        .run(read(name), context());

    assertThat(check.unchecked()).isEmpty();
    assertThat(check.checked()).allSatisfy(one -> assertThat(one.ratio()).isLessThanOrEqualTo(1));
  }

  @Test
  void theArgumentOfARectifierKeepsItsNegativePart() throws IOException {
    Graph after = optimized("rectifier-argument-read-twice");

    Node residual = nodes(after, StandardOps.ADD).getFirst();
    Node convolution = Objects.requireNonNull(after.producer(residual.input(0)));
    assertThat(convolution.get(Activation.KIND)).isEmpty();
    assertThat(nodes(after, StandardOps.RELU)).hasSize(1);
    assertThat(evaluate(after)).isEqualTo(evaluate(read("rectifier-argument-read-twice")));
  }

  @Test
  void bothFactorsOfAGemmReachItsBias() throws IOException {
    Graph after = optimized("gemm-factors-and-normalization");

    Node gemm = nodes(after, StandardOps.GEMM).getFirst();
    assertThat(after.nodes()).containsExactly(gemm);
    double k = 0.7f / Math.sqrt(2 + 1e-5f);
    assertThat(constant(after, gemm, 2).doubleAt(0))
        .isEqualTo((float) ((2 * 0.5 + 0.3f) * k + 0.1f));
  }

  @Test
  void aRectifierBeforeAQuantizerWithZeroInTheMiddleStays() throws IOException {
    Graph after =
        run(StandardPipelines.lowering(), read("rectifier-before-symmetric-quantizer"), context());

    for (double value : evaluate(after).values().iterator().next().toDoubles()) {
      assertThat(value).isNotNegative();
    }
    assertThat(evaluate(after)).isEqualTo(evaluate(read("rectifier-before-symmetric-quantizer")));
  }

  @Test
  void aNormalizationInTrainingStaysAndTheReasonIsGiven() throws IOException {
    PassContext context = context();
    Graph before = read("normalization-in-training");

    assertThat(optimized(before, context)).isSameAs(before);
    assertThat(context.refusals())
        .anySatisfy(
            refusal -> {
              assertThat(refusal.rule()).isEqualTo("fold-batch-norm-into-conv");
              assertThat(refusal.reason()).contains("norm is in inference mode");
            });
  }

  @Test
  void aTransposedConvolutionInGroupsIsFoldedByOutputChannel() throws IOException {
    Graph after = optimized("transposed-convolution-in-groups");

    Node convolution = nodes(after, StandardOps.CONV_TRANSPOSE).getFirst();
    assertThat(after.nodes()).containsExactly(convolution);
    // The third channel is the first of the second group: elements 8 and 9, and 12 and 13.
    double k = 2 / Math.sqrt(0.5 + 1e-5f);
    assertThat(constant(after, convolution, 1).doubleAt(8)).isEqualTo((float) (4 * k));
    assertThat(constant(after, convolution, 1).doubleAt(12)).isEqualTo((float) (-0.5 * k));
  }

  @Test
  void sharedWeightsAreFoldedForEachReader() throws IOException {
    Graph after = optimized("weights-shared-by-two-normalized-convolutions");

    List<Node> convolutions = nodes(after, StandardOps.CONV);
    assertThat(convolutions).hasSize(2);
    assertThat(nodes(after, StandardOps.BATCH_NORMALIZATION)).isEmpty();
    assertThat(constant(after, convolutions.getFirst(), 1))
        .isNotEqualTo(constant(after, convolutions.getLast(), 1));
  }

  @Test
  void aDeadChannelDoesNotTakeTheScaleOfTheOthers() throws IOException {
    Graph folded = optimized("normalization-with-a-dead-channel");
    Tensor weights = constant(folded, nodes(folded, StandardOps.CONV).getFirst(), 1);
    assertThat(weights.doubleAt(2)).isGreaterThan(40);

    Graph quantized =
        run(
            StandardPipelines.staticQuantization(
                QuantScheme.DEFAULT, List.of(Map.of("x", sample(folded)))),
            folded,
            context());

    Node convolution = nodes(quantized, StandardOps.CONV).getFirst();
    Node dequantizer = Objects.requireNonNull(quantized.producer(convolution.input(1)));
    assertThat(dequantizer.opId()).isEqualTo(QuantOps.DEQUANTIZE_LINEAR.id());
    Tensor scales = constant(quantized, dequantizer, 1);
    assertThat(scales.elementCount()).isEqualTo(2);
    assertThat(scales.doubleAt(0) * 127).isLessThan(0.2);
  }

  @Test
  void foldedConstantsHaveTheTypeOfTheWeights() throws IOException {
    Graph after = optimized("half-precision-with-float-statistics");

    assertThat(after.nodes()).extracting(Node::opId).containsExactly(OpId.of("Conv"));
    assertThat(after.nodes().getFirst().inputs())
        .allSatisfy(
            input ->
                assertThat(after.type((Value) Objects.requireNonNull(input)).elementType())
                    .isEqualTo(ElementType.FLOAT16));
  }

  @Test
  void weightsThatWouldOverflowAreNotFoldedAndTheReasonIsGiven() throws IOException {
    PassContext context = context();
    Graph after = optimized(read("half-precision-that-overflows"), context);

    assertThat(nodes(after, StandardOps.CONV)).hasSize(1);
    assertThat(after.nodes()).hasSizeGreaterThan(1);
    assertThat(context.refusals())
        .anySatisfy(
            refusal -> {
              assertThat(refusal.rule()).isEqualTo("fold-batch-norm-into-conv");
              assertThat(refusal.reason()).contains("would be Infinity as float16");
            });
  }

  @Test
  void aShiftIsNotMovedThroughZeroPadding() throws IOException {
    Graph after = optimized("shift-before-padding");

    assertThat(after.nodes())
        .extracting(node -> node.opId().name())
        .containsExactly("Mul", "Add", "Conv");
  }

  @Test
  void factorsAlongColumnsAreNotTakenForChannels() throws IOException {
    Graph before = read("factors-along-columns");

    assertThat(optimized(before, context())).isSameAs(before);
  }

  @Test
  void theChannelsOfAStackAreItsRows() throws IOException {
    Graph after = optimized("normalized-rows-of-a-stack");

    assertThat(after.nodes())
        .extracting(node -> node.opId().name())
        .containsExactly("MatMul", "Mul", "Add");
  }
}
