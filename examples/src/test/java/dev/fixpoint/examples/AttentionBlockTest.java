package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.Compiler;
import dev.fixpoint.CompilerOptions;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTextOptions;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.runtime.RuntimeEvaluator;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.improve.Improvement;
import dev.fixpoint.transform.improve.Improvements;
import dev.fixpoint.transform.quantize.QuantReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The attention block of digits_vit in 8 bits, as SmoothQuant has it. */
class AttentionBlockTest {
  private static final Path GOLDEN =
      Path.of("src", "test", "resources", "dev", "fixpoint", "examples", "attention");

  private static final Compiler COMPILER =
      new Compiler(
          CompilerOptions.DEFAULT
              .withEvaluator(new RuntimeEvaluator())
              .withScheme(QuantScheme.W8A8)
              .withImprovements(Improvements.of(Improvement.SMOOTH)));

  private static final Graph FLOAT =
      COMPILER.optimize(OnnxReader.read(Digits.model("vit"))).graph();

  private static final CompiledModel QUANTIZED =
      COMPILER.quantize(FLOAT, Digits.calibration().batches(64).subList(0, 1));

  private static final CompiledModel LOWERED = COMPILER.lower(QUANTIZED.graph());

  private static final Graph INTEGER = LOWERED.graph();

  /** With {@code -Dfixpoint.write=true} the files are written instead. */
  @ParameterizedTest
  @CsvSource({"before, false", "after, true"})
  void theFirstBlockIsRewrittenToIntegers(String file, boolean rewritten) throws IOException {
    Graph block = GraphExcerpt.of(rewritten ? INTEGER : FLOAT, "/Add_output_0", "/Add_3_output_0");
    String text = OnnxTextWriter.toText(block, OnnxTextOptions.BRIEF);
    Path golden = GOLDEN.resolve(file + ".onnxtxt");
    if (Boolean.getBoolean("fixpoint.write")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, text);
    }

    assertThat(golden).content().isEqualTo(text);
  }

  @Test
  void itKeepsThirtyDecibelsWithItsProductsOnIntegers() {
    Map<String, Tensor> images = Map.of(Digits.INPUT, Digits.test().images());
    Map<String, Shape> shapes = Map.of(Digits.INPUT, Digits.test().images().shape());
    try (InferenceSession real = InferenceSession.of(FLOAT);
        InferenceSession integer = InferenceSession.of(INTEGER)) {
      Tensor expected = real.run(images).get(Digits.OUTPUT);
      Tensor logits = integer.run(images).get(Digits.OUTPUT);

      assertThat(Logits.sqnr(expected, logits)).isGreaterThanOrEqualTo(30);
      assertThat(Logits.argmax(logits)).isEqualTo(Logits.argmax(expected));
      assertThat(integer.plan(shapes).integerMacShare()).isGreaterThanOrEqualTo(0.95);
    }
  }

  @Test
  void everyPartHasTheTypesOfSmoothQuant() {
    assertThat(types(QuantOps.Q_LAYER_NORMALIZATION)).hasSize(4).containsOnly("int8");
    assertThat(types(QuantOps.Q_SOFTMAX)).hasSize(2).containsOnly("uint8");
    assertThat(types(QuantOps.Q_TABLE)).hasSize(2).containsOnly("int8");
    List<String> products =
        INTEGER.nodes().stream()
            .filter(node -> node.calls(QuantOps.Q_MAT_MUL))
            .map(
                node -> type(node.input(0)) + " " + type(node.input(3)) + " " + type(node.output()))
            .toList();
    String projection = "int8 int8 int8";
    String toFloat = "int8 int8 float";
    String values = "uint8 int8 int8";
    List<String> block =
        List.of(projection, projection, projection, toFloat, values, toFloat, projection, toFloat);
    assertThat(products.subList(0, block.size())).containsExactlyInAnyOrderElementsOf(block);
    assertThat(products.subList(block.size(), products.size()))
        .containsExactlyInAnyOrderElementsOf(block);
  }

  @Test
  void probabilitiesCoverZeroToOneAndEveryZeroPointIsZero() {
    for (Node node : INTEGER.nodes()) {
      if (node.calls(QuantOps.Q_SOFTMAX)) {
        assertThat(INTEGER.constant(node.input(1)).toFloats()).containsExactly(1f / 255);
        assertThat(INTEGER.constant(node.input(2)).toLongs()).containsExactly(0);
      } else if (node.calls(QuantOps.Q_MAT_MUL)) {
        for (int zero : new int[] {2, 5, 8}) {
          Value input = node.inputOrNull(zero);
          assertThat(input == null ? new long[1] : INTEGER.constant(input).toLongs())
              .containsOnly(0);
        }
      }
    }
  }

  @Test
  void onlyResidualSumsAndTheHeadStayInFloat() {
    assertThat(INTEGER.nodes())
        .filteredOn(node -> INTEGER.type(node.output()).elementType() == ElementType.FLOAT)
        .filteredOn(node -> !node.calls(QuantOps.Q_MAT_MUL))
        .extracting(node -> node.opId().name())
        .containsExactlyInAnyOrder(
            "QConv",
            "Reshape",
            "Transpose",
            "Add",
            "Add",
            "Add",
            "Add",
            "Add",
            StandardOps.LAYER_NORMALIZATION.id().name(),
            "ReduceMean",
            "QGemm");
  }

  @Test
  void theReportTellsBeforeLoweringWhatLoweringMakes() {
    assertThat(QUANTIZED.report().floats())
        .extracting(QuantReport.Entry::operator)
        .containsExactlyInAnyOrderElementsOf(
            LOWERED.report().floats().stream().map(QuantReport.Entry::operator).toList());
    assertThat(QUANTIZED.report().integers())
        .filteredOn(entry -> entry.operator().equals("LayerNormalization"))
        .hasSize(4)
        .extracting(QuantReport.Entry::reason)
        .containsOnly("it writes the integers that are read");
  }

  private static List<String> types(OpDefinition op) {
    return INTEGER.nodes().stream()
        .filter(node -> node.calls(op))
        .map(node -> type(node.output()))
        .toList();
  }

  private static String type(Value value) {
    return INTEGER.type(value).elementType().text();
  }
}
