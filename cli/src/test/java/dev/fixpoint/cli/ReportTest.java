package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.CompiledModel;
import dev.fixpoint.cli.data.Npz;
import dev.fixpoint.cli.report.Quantization;
import dev.fixpoint.cli.report.ReportPage;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.report.LayerFigures;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import dev.fixpoint.transform.quantize.QuantReport;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

/** The report of {@code quantize}: what it holds, and that a browser shows it. */
class ReportTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Pattern FIRST_ROW = Pattern.compile("<tr data-layer=\"([^\"]*)\"");

  @TempDir private Path folder;

  private Path report() {
    return report("digits/digits_mlp.onnx", CommandRun.shared("digits/calibration.npz"), "");
  }

  private Path report(String model, Path data, String options) {
    return report(CommandRun.shared(model), data, options);
  }

  private Path report(Path model, Path data, String options) {
    Path to = folder.resolve("report");
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "quantize",
                model,
                "-o",
                folder.resolve("out.onnx"),
                "--calibration",
                data,
                "--report",
                to));
    arguments.addAll(Arrays.stream(options.split(" ")).filter(o -> !o.isEmpty()).toList());
    CommandRun run = CommandRun.of(arguments.toArray());
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return to;
  }

  private static Map<String, Object> json(Path report) throws IOException {
    return CommandRun.parse(Files.readString(report.resolve("report.json")));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> layers(Map<String, Object> json) {
    return (List<Map<String, Object>>) json.get("layers");
  }

  private static void requireFinite(Object value) {
    switch (value) {
      case Map<?, ?> map -> map.values().forEach(ReportTest::requireFinite);
      case List<?> list -> list.forEach(ReportTest::requireFinite);
      case Number number -> assertThat(number.doubleValue()).isFinite();
      default -> assertThat(value).isNotEqualTo("NaN");
    }
  }

  @Test
  void layersStandWorstFirstWithFiniteFigures() throws IOException {
    Map<String, Object> json = json(report());

    assertThat(json.keySet())
        .containsExactly(
            "model", "layers", "fired", "refused", "nodes", "graph_before", "graph_after");
    requireFinite(json);
    List<Map<String, Object>> layers = layers(json);
    assertThat(layers).hasSizeGreaterThanOrEqualTo(3);
    assertThat(layers.stream().map(layer -> (Double) layer.get("sqnr_db")).toList())
        .isSortedAccordingTo(Comparator.naturalOrder());
  }

  /** A prediction is an estimate, which may be 3 dB off; a certificate holds. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp", "vit"})
  void predictionsAndCertificatesStandBesideWhatWasObserved(String network) throws Exception {
    Path report =
        report(
            "digits/digits_" + network + ".onnx", CommandRun.shared("digits/calibration.npz"), "");

    for (Map<String, Object> layer : layers(json(report))) {
      double predicted = (double) layer.get("predicted_sqnr_db");
      assertThat(Math.abs(predicted - (double) layer.get("sqnr_db")))
          .as("prediction for %s", layer.get("value"))
          .isLessThanOrEqualTo(3);
      assertThat((double) layer.get("max_abs"))
          .as("largest error of %s", layer.get("value"))
          .isLessThanOrEqualTo((double) layer.get("certified"));
    }
    assertThat(Files.readString(report.resolve("report.html")))
        .contains("<th>predicted</th>", "<th>certified</th>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--scheme dynamic",
        "--scheme weights --weights int4 --granularity block:32",
        "--scheme w8a8"
      })
  void everySchemeHasAReportOfAllLayers(String options) throws Exception {
    Path report =
        report("digits/digits_vit.onnx", CommandRun.shared("digits/calibration.npz"), options);

    Map<String, Object> json = json(report);
    requireFinite(json);
    assertThat(layers(json)).hasSizeGreaterThanOrEqualTo(40);
    assertThat(layers(json)).extracting(layer -> layer.get("value")).contains("logits");
    requireWellFormed(Files.readString(report.resolve("report.html")));
  }

  @Test
  void aNetworkOfHundredsOfNodesHasOneToo() throws Exception {
    Path model = folder.resolve("deep.onnx");
    OnnxWriter.write(deep(150), model);
    Path data = folder.resolve("x.npz");
    float[] values = new float[2 * 4 * 25];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 % 255) / 128f - 1;
    }
    Npz.write(data, Map.of("x", Tensor.ofFloats(Shape.of(2, 4, 5, 5), values)));

    Path report = report(model, data, "");

    assertThat(layers(json(report))).hasSizeGreaterThanOrEqualTo(300);
    requireWellFormed(Files.readString(report.resolve("report.html")));
  }

  /** Residual blocks in a row: a convolution and a sum each. */
  private static Graph deep(int blocks) {
    GraphBuilder builder = new GraphBuilder("deep");
    Value x =
        builder.input(
            "x",
            new TensorType(
                ElementType.FLOAT,
                Shape.of(
                    List.of(
                        Dimension.of("N"), Dimension.of(4), Dimension.of(5), Dimension.of(5)))));
    float[] weights = new float[16];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (i * 7 % 11 - 5) / 64f;
    }
    Value w = builder.constant("w", Tensor.ofFloats(Shape.of(4, 4, 1, 1), weights));
    for (int i = 0; i < blocks; i++) {
      Value conv = builder.call("conv" + i, StandardOps.CONV, Attributes.NONE, x, w);
      Value tanh = builder.call("tanh" + i, StandardOps.TANH, Attributes.NONE, conv);
      x = builder.call("sum" + i, StandardOps.ADD, Attributes.NONE, x, tanh);
    }
    return builder.output(x).build();
  }

  @Test
  void quantizersHaveRangeErrorAndHistogram() throws IOException {
    List<Map<?, ?>> quantizers = new ArrayList<>();
    for (Map<String, Object> layer : layers(json(report()))) {
      if (layer.get("quantizer") instanceof Map<?, ?> quantizer) {
        quantizers.add(quantizer);
      }
    }

    assertThat(quantizers).isNotEmpty();
    for (Map<?, ?> quantizer : quantizers) {
      double low = (double) quantizer.get("low");
      assertThat((double) quantizer.get("high")).isGreaterThan(low);
      assertThat((double) quantizer.get("clipped_share")).isBetween(0.0, 1.0);
      assertThat((List<?>) quantizer.get("histogram"))
          .hasSize(64)
          .anySatisfy(count -> assertThat(((Number) count).longValue()).isPositive());
      boolean clips = (double) quantizer.get("clipped_share") > 0;
      double half = (double) quantizer.get("scale") / 2;
      assertThat(clips || (double) quantizer.get("rmse") <= half)
          .as("without clipping a number moves by half a step at most")
          .isTrue();
    }
  }

  @Test
  void pageIsWellFormedAndRefersToNothingOutside() throws Exception {
    String page = Files.readString(report().resolve("report.html"));

    requireWellFormed(page);
    assertThat(page).doesNotContain("http:", "https:", "src=", "@import", "url(");
  }

  private static void requireWellFormed(String page) throws Exception {
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }

  @Test
  void namesCannotBreakOutOfThePage() throws Exception {
    String name = "<script>alert('\"&\u0001')</script>";
    Graph graph = OnnxReader.read(CommandRun.shared("digits/digits_mlp.onnx"));
    CompiledModel model = new CompiledModel(graph, List.of(), List.of(), QuantReport.NONE);
    LayerFigures layer =
        new LayerFigures(name, name, name, OptionalDouble.empty(), 0, 0, Optional.empty());

    String page = ReportPage.of(new Quantization(name, graph, model, List.of(layer), Map.of()));

    requireWellFormed(page);
    assertThat(page).contains("&lt;script&gt;alert(").doesNotContain("<script>alert");
  }

  @Test
  void reportWithoutDataIsRefused() {
    CommandRun run =
        CommandRun.of(
            "quantize",
            CommandRun.shared("digits/digits_mlp.onnx"),
            "-o",
            folder.resolve("out.onnx"),
            "--scheme",
            "dynamic",
            "--report",
            folder.resolve("report"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("give --calibration DATA").hasLineCount(1);
    assertThat(folder.resolve("report")).doesNotExist();
  }

  @Test
  void browserShowsTheWorstLayerFirstWithoutAnError() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(CHROMIUM), "no " + CHROMIUM + ", so the page was not opened");
    Path report = report();
    Path dom = folder.resolve("dom");
    Path console = folder.resolve("console");
    Process browser =
        new ProcessBuilder(
                CHROMIUM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"),
                "--enable-logging=stderr",
                "--dump-dom",
                report.resolve("report.html").toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(console.toFile())
            .start();
    try {
      assertThat(browser.waitFor(60, TimeUnit.SECONDS)).as("ends in a minute").isTrue();
    } finally {
      browser.destroyForcibly();
    }

    assertThat(Files.readString(console)).doesNotContain("CONSOLE");
    Matcher row = FIRST_ROW.matcher(Files.readString(dom));
    assertThat(row.find()).as("a row of a layer").isTrue();
    assertThat(row.group(1)).isEqualTo(layers(json(report)).getFirst().get("value"));
  }
}
