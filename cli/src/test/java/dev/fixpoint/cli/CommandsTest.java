package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.cli.data.Npz;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphDifference;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a network of real use, as people type them. */
class CommandsTest {
  private final Path model = CommandRun.shared("digits/digits_mlp.onnx");
  private final Path calibration = CommandRun.shared("digits/calibration.npz");
  private final Path test = CommandRun.shared("digits/test.npz");

  @TempDir Path folder;

  private static CommandRun done(Object... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> firstOf(Object list) {
    return (Map<String, Object>) ((List<?>) list).getFirst();
  }

  @Test
  void helpListsTheCommands() {
    assertThat(done("--help").out()).contains("demo", "inspect", "quantize", "conformance");
    assertThat(done().out()).isEqualTo(done("--help").out());
    assertThat(done("bench", "--help").out()).contains("--per-node").doesNotContain("--seconds");
  }

  @Test
  void inspectTellsWhatAModelIsMadeOf() throws IOException {
    Map<String, Object> json = done("inspect", model, "--json", "--plan").json();

    assertThat(json)
        .containsEntry("file", model.toString())
        .containsEntry("bytes", Math.toIntExact(Files.size(model)))
        .containsKeys("opsets", "inputs", "outputs", "operators", "memory_bytes", "unsupported");
    assertThat(json.get("opsets")).as("those of the file").isEqualTo(Map.of("ai.onnx", 17));
    assertThat(firstOf(json.get("inputs")))
        .containsEntry("name", "image")
        .containsEntry("type", "float[batch,1,28,28]");
    int parameters = 784 * 100 + 100 + 100 * 100 + 100 + 100 * 10 + 10;
    assertThat(json).containsEntry("parameters", parameters);
    assertThat(json.get("memory_bytes"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("8", (int) Math.round(parameters * 1.2))
        .containsEntry("4", (int) Math.round(parameters * 0.6));
    assertThat(json.get("plan"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("integer_mac_share", 0.0)
        .containsEntry("macs", 784 * 100 + 100 * 100 + 100 * 10)
        .containsKeys("arena_bytes", "steps");
    assertThat(done("inspect", model, "--plan").out()).contains("parameters", "arena");
  }

  @Test
  void convertKeepsTheGraph() throws IOException {
    Path out = folder.resolve("out.onnx");
    done("convert", model, out, "--opset", "22");

    assertThat(OnnxReader.info(out).opsets()).containsEntry("", 22L);
    Graph converted = OnnxReader.read(out);
    Graph original = OnnxReader.read(model);
    assertThat(GraphDifference.between(original, converted.withInfo(original.info()))).isEmpty();
  }

  @Test
  void convertSpellsOutWhatAnOlderOpsetLacks() throws IOException {
    Path newer = folder.resolve("newer.onnxtxt");
    Files.writeString(newer, "newer (float[2,4] x) => (y) { g = Gelu(x) y = HardSwish(g) }");
    Path older = folder.resolve("older.onnx");
    Path text = folder.resolve("older.onnxtxt");
    done("convert", newer, older, "--opset", "13");
    done("convert", newer, text, "--opset", "13");

    assertThat(OnnxReader.info(older).opsets()).containsEntry("", 13L);
    assertThat(Files.readString(text)).contains("Erf", "HardSigmoid").doesNotContain("Gelu");
    assertThat(GraphDifference.between(OnnxReader.read(older), OnnxTextReader.read(text)))
        .isEmpty();
  }

  @Test
  void convertGoesToTextAndBack() throws IOException {
    Path text = folder.resolve("m.onnxtxt");
    Path back = folder.resolve("back.onnx");
    done("convert", model, text);
    done("convert", text, back);

    assertThat(Files.readString(text)).contains("Gemm");
    assertThat(GraphDifference.between(OnnxReader.read(model), OnnxReader.read(back))).isEmpty();
    assertThat(done("inspect", text, "--json").json()).containsEntry("nodes", 5);
  }

  @Test
  void optimizeWritesModelAndLedger() throws IOException {
    Path out = folder.resolve("out.onnx");
    Path ledger = folder.resolve("ledger.json");
    done("optimize", CommandRun.shared("digits/digits_rescnn.onnx"), "-o", out, "--ledger", ledger);

    assertThat(OnnxReader.read(out).nodes())
        .extracting(node -> node.opId().name())
        .contains("Conv")
        .doesNotContain("BatchNormalization");
    Map<String, Object> first = firstOf(CommandRun.parse(Files.readString(ledger)).get("rewrites"));
    assertThat(first).containsKeys("rewrite", "contract", "nodes", "replacement", "bounds");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(out, ledger);
    }
  }

  @Test
  void theReferenceSimulatesAFileAsItIsWritten() throws IOException {
    Path rescnn = CommandRun.shared("digits/digits_rescnn.onnx");
    Path folded = folder.resolve("folded.onnx");
    done("optimize", rescnn, "-o", folded);
    float[] pixels = new float[2 * 28 * 28];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i * 37 % 17 / 16f;
    }
    Path images = folder.resolve("images.npz");
    Npz.write(images, Map.of("image", Tensor.ofFloats(Shape.of(2, 1, 28, 28), pixels)));
    List<Object> compare = List.of("compare", rescnn, folded, "--data", images, "--json");
    List<Object> asWritten = new ArrayList<>(compare);
    asWritten.addAll(List.of("--simulate", "--provider", "reference"));

    assertThat(firstOf(done(compare.toArray()).json().get("outputs")))
        .as("both are compiled before they run")
        .containsEntry("sqnr_db", 999.0);
    assertThat((double) firstOf(done(asWritten.toArray()).json().get("outputs")).get("sqnr_db"))
        .as("folding rounds weights anew")
        .isBetween(100.0, 200.0);
  }

  @Test
  void calibrationIsKeptAndADamagedCacheIsTold() throws IOException {
    Path cache = folder.resolve("calibration.txt");
    Path first = folder.resolve("first.onnx");
    Path second = folder.resolve("second.onnx");
    String[] command = {"quantize", model.toString(), "--calibration", calibration.toString()};
    Object[] cached = {"--calibration-cache", cache, "--threads", 2};

    done(joined(command, cached, "-o", first));
    String kept = Files.readString(cache);
    done(joined(command, cached, "-o", second));
    assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));

    Files.writeString(cache, kept.substring(kept.length() / 2));
    CommandRun run = CommandRun.of(joined(command, cached, "-o", second));
    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .startsWith("calibration cache " + cache + " is not used: it is not a calibration cache")
        .hasLineCount(1);
    assertThat(cache).content().isEqualTo(kept);
    assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));
  }

  private static Object[] joined(String[] command, Object[] options, Object... more) {
    return Stream.of(command, options, more).flatMap(Stream::of).toArray();
  }

  @Test
  void quantizedModelRunsOnIntegersAndStaysClose() throws IOException {
    Path qdq = folder.resolve("qdq.onnx");
    Path int8 = folder.resolve("int8.onnx");
    done("quantize", model, "-o", qdq, "--calibration", calibration);
    done("lower", qdq, "-o", int8);

    assertThat(OnnxReader.read(int8).nodes())
        .extracting(node -> node.opId().name())
        .contains("QGemm");
    Map<String, Object> compared =
        firstOf(done("compare", model, qdq, "--data", test, "--json").json().get("outputs"));
    assertThat(compared).containsEntry("name", "logits").containsEntry("accuracy_a", 0.962);
    assertThat((double) compared.get("accuracy_b")).isGreaterThanOrEqualTo(0.958);
    assertThat((double) compared.get("sqnr_db")).isGreaterThanOrEqualTo(44);
    assertThat((double) compared.get("argmax_agreement")).isGreaterThanOrEqualTo(0.99);
    assertThat((double) compared.get("max_abs")).isPositive();

    assertThat(firstOf(done("compare", int8, qdq, "--data", test, "--json").json().get("outputs")))
        .as("the lowered file and what run makes of the QDQ file")
        .containsEntry("sqnr_db", 999.0)
        .containsEntry("max_abs", 0.0);
    CommandRun short60 = CommandRun.of("compare", model, qdq, "--data", test, "--min-sqnr", "60");
    assertThat(short60.exitCode()).isEqualTo(1);
    assertThat(short60.err()).isEmpty();
    assertThat(done("compare", model, qdq, "--data", test, "--per-node").out()).contains("value");

    Map<String, Object> bench =
        done("bench", qdq, "--json", "--per-node", "--seconds", "0.05", "--batch", "3").json();
    assertThat(bench)
        .containsOnlyKeys(
            "median_ms",
            "p10_ms",
            "p90_ms",
            "processor_ms",
            "runs",
            "provider",
            "kernels",
            "threads",
            "integer_mac_share",
            "nodes")
        .containsEntry("integer_mac_share", 1.0)
        .containsEntry("threads", 1);
    assertThat(firstOf(bench.get("nodes"))).containsKeys("name", "macs", "bytes", "ms", "share");
  }

  @Test
  void runGivesTheSameWithAndWithoutBatches() throws IOException {
    Path all = folder.resolve("all.npz");
    Path one = folder.resolve("one.npz");
    Tensor image = Npz.read(test, "image"::equals).get("image");
    Path single = folder.resolve("single.npz");
    Tensor first =
        Tensor.of(
            image.type().withShape(Shape.of(1, 1, 28, 28)), image.data().asSlice(0, 4 * 28 * 28));
    Npz.write(single, Map.of("image", first));

    done("run", model, "--input", test, "-o", all);
    done("run", model, "--input", single, "-o", one, "--provider", "reference");

    Tensor logits = Npz.read(all, _ -> true).get("logits");
    assertThat(logits.shape()).isEqualTo(Shape.of(500, 10));
    double[] expected = Npz.read(one, _ -> true).get("logits").toDoubles();
    // 784 products and sums of float32, values below 2^6: no more than 784 · 2^6 · 2^-23 apart.
    double bound = 784 * 0x1p-17;
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(logits.doubleAt(i) - expected[i])).isLessThanOrEqualTo(bound);
    }
    assertThat(done("run", model, "--input", single).out()).startsWith("logits: float[1,10] {");
  }

  @Test
  void conformanceCountsByStatus() {
    Map<String, Object> passed =
        done("conformance", CommandRun.shared("onnx-node-tests/test_add"), "--json").json();
    assertThat(passed)
        .containsEntry("passed", 1)
        .containsEntry("failed", 0)
        .containsEntry("unsupported", 0)
        .containsEntry("tests", Map.of("test_add", "passed"));

    Map<String, Object> unsupported =
        done(
                "conformance",
                CommandRun.shared("onnx-node-tests/test_image_decoder_decode_pnm_rgb"),
                "--json")
            .json();
    assertThat(unsupported).containsEntry("unsupported", 1).containsEntry("failed", 0);
  }

  @Test
  void conformanceFailsWhereAnOutputDiffers() throws IOException {
    Path wrong = folder.resolve("suite/test_wrong");
    Files.createDirectories(wrong.resolve("test_data_set_0"));
    Path right = CommandRun.shared("onnx-node-tests/test_add");
    Files.copy(right.resolve("model.onnx"), wrong.resolve("model.onnx"));
    for (String name : List.of("input_0.pb", "input_1.pb")) {
      Files.copy(
          right.resolve("test_data_set_0").resolve(name),
          wrong.resolve("test_data_set_0").resolve(name));
    }
    Files.copy(
        right.resolve("test_data_set_0/input_0.pb"), wrong.resolve("test_data_set_0/output_0.pb"));

    CommandRun run = CommandRun.of("conformance", folder, "--json", "--provider", "reference");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.json())
        .containsEntry("failed", 1)
        .containsEntry("tests", Map.of("suite/test_wrong", "failed"));
  }
}
