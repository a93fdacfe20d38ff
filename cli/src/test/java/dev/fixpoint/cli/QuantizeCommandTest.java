package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemes, formats and targets of {@code quantize}, and {@code qat}, as people type them. */
class QuantizeCommandTest {
  private final Path model = CommandRun.shared("digits/digits_mlp.onnx");
  private final Path calibration = CommandRun.shared("digits/calibration.npz");
  private final Path test = CommandRun.shared("digits/test.npz");

  @TempDir Path folder;

  private CommandRun made(String command, String options) {
    List<Object> arguments =
        new ArrayList<>(List.of(command, model, "-o", folder.resolve("out.onnx")));
    arguments.addAll(List.of(options.split(" ")));
    arguments.replaceAll(each -> each.equals("DATA") ? calibration : each);
    CommandRun run = CommandRun.of(arguments.toArray());
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run;
  }

  private Graph written() throws IOException {
    return OnnxReader.read(folder.resolve("out.onnx"));
  }

  private double decibels() throws IOException {
    Map<String, Object> json =
        CommandRun.of("compare", model, folder.resolve("out.onnx"), "--data", test, "--json")
            .json();
    return (double) ((Map<?, ?>) ((List<?>) json.get("outputs")).getFirst()).get("sqnr_db");
  }

  @ParameterizedTest
  @CsvSource({
    "--scheme dynamic, 46",
    "--scheme dynamic --granularity channel, 46",
    "--calibration DATA --format qlinear, 46",
    "--calibration DATA --activations int16, 50",
    "--calibration DATA --activations int8 --weights uint8, 44",
    "--calibration DATA --granularity tensor --calibrator percentile:99.99, 30",
    "--calibration DATA --target tensorrt, 40",
    "--calibration DATA --scheme w8a8, 40",
    "--calibration DATA --scheme w8a8 --format qlinear, 40"
  })
  void eachSchemeKeepsItsDecibels(String options, double atLeast) throws IOException {
    made("quantize", options);

    assertThat(decibels()).isGreaterThanOrEqualTo(atLeast);
  }

  @Test
  void integerFormatHasNoFloatProductLeft() throws IOException {
    made("quantize", "--calibration DATA --format qlinear");

    assertThat(written().nodes())
        .extracting(node -> node.opId().toString())
        .contains("com.microsoft.QGemm")
        .doesNotContain("Gemm", "DequantizeLinear");
  }

  @Test
  void theSchemeOfTransformersSaysTheTypesItself() {
    CommandRun run =
        CommandRun.of(
            "quantize",
            model,
            "-o",
            folder.resolve("out.onnx"),
            "--calibration",
            calibration,
            "--scheme",
            "w8a8",
            "--activations",
            "uint8");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--scheme w8a8 says the types itself");
  }

  @Test
  void excludedOperatorsAndNodesStayInFloatAndTheLedgerSaysWhy() throws IOException {
    Path ledger = folder.resolve("ledger.json");
    String out = made("quantize", "--calibration DATA --exclude op:Gemm --ledger " + ledger).out();

    assertThat(out).contains("operator Gemm is excluded");
    assertThat(written().nodes())
        .extracting(node -> node.opId().name())
        .doesNotContain("QuantizeLinear");
    Map<String, Object> json = CommandRun.parse(Files.readString(ledger));
    assertThat((List<?>) json.get("nodes"))
        .isNotEmpty()
        .allSatisfy(
            node ->
                assertThat(((Map<?, ?>) node).keySet().stream().map(Object::toString))
                    .containsExactlyInAnyOrder("node", "operator", "integer", "reason"));

    String name = OnnxReader.read(model).nodes().getLast().name();
    made("quantize", "--calibration DATA --exclude " + name);
    Graph graph = written();
    assertThat(graph.nodes())
        .filteredOn(node -> node.opId().name().equals("Gemm"))
        .extracting(node -> graph.constant(node.input(1)) != null)
        .as("whether its weights are float")
        .containsExactly(false, false, true);
  }

  /** Every Gemm of it: with nothing left to do, the weights stay as they are. */
  @ParameterizedTest
  @ValueSource(strings = {"weights", "dynamic"})
  void excludedOperatorsStayInFloatWithoutDataToo(String scheme) throws IOException {
    made("quantize", "--scheme " + scheme + " --exclude op:Gemm");

    assertThat(written().initializers().values())
        .allSatisfy(tensor -> assertThat(tensor.elementType()).isEqualTo(ElementType.FLOAT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--activations int8", "--calibrator mse", "--target tensorrt"})
  void weightsAloneTakeNoOptionsOfActivations(String option) {
    List<Object> arguments =
        new ArrayList<>(List.of("quantize", model, "-o", folder.resolve("out.onnx")));
    arguments.addAll(List.of(("--scheme weights " + option).split(" ")));
    CommandRun run = CommandRun.of(arguments.toArray());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--scheme weights leaves activations in float");
  }

  @ParameterizedTest
  @CsvSource({"qdq, 46.5", "fakequant, 46.5"})
  void theGraphToTrainIsWrittenInBothStyles(String style, double atLeast) throws IOException {
    made("qat", "--calibration DATA --style " + style);

    assertThat(decibels()).isGreaterThanOrEqualTo(atLeast);
    assertThat(written().initializers().values())
        .as("weights stay float")
        .filteredOn(tensor -> tensor.shape().rank() == 2)
        .isNotEmpty()
        .allSatisfy(tensor -> assertThat(tensor.elementType().isFloat()).isTrue());
  }

  @Test
  void theGraphToTrainNeedsNoData() throws IOException {
    made("qat", "--style qdq");

    assertThat(written().nodes()).extracting(node -> node.opId().name()).contains("QuantizeLinear");
  }
}
