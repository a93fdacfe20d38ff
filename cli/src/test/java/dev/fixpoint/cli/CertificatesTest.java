package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.Certificates;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.onnx.OnnxWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates from {@code quantize} to {@code compare}. */
class CertificatesTest {
  @TempDir private static Path folder;
  private static String model = "";
  private static String data = "";
  private static Path quantized = Path.of("");

  @BeforeAll
  static void quantize() {
    model = CommandRun.shared("digits/digits_mlp.onnx").toString();
    data = CommandRun.shared("digits/test.npz").toString();
    quantized = folder.resolve("mlp.qdq.onnx");
    String calibration = CommandRun.shared("digits/calibration.npz").toString();
    CommandRun run =
        CommandRun.of("quantize", model, "-o", quantized.toString(), "--calibration", calibration);
    assertThat(run.exitCode()).as(run.toString()).isZero();
  }

  private static Path withMetadata(String name, Map<String, String> changes) throws IOException {
    Graph graph = OnnxReader.read(quantized);
    Map<String, String> metadata = new LinkedHashMap<>(graph.info().metadata());
    metadata.putAll(changes);
    Path file = folder.resolve(name);
    OnnxWriter.write(graph.withInfo(graph.info().withMetadata(metadata)), file);
    return file;
  }

  @Test
  void aQuantizedFileCarriesCertificatesThatHold() throws IOException {
    assertThat(Certificates.of(OnnxReader.read(quantized))).isPresent();

    CommandRun run = CommandRun.of("compare", model, quantized.toString(), "--data", data);

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out()).contains("certificates: hold (500 samples, 0 outside");
  }

  @Test
  void aDifferenceThatWasProvedImpossibleIsAFailure() throws IOException {
    Path file = withMetadata("exceeded.onnx", Map.of("fixpoint.error.logits", "uniform 0.001"));

    CommandRun run = CommandRun.of("compare", model, file.toString(), "--data", data);

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(Main.FELL_SHORT);
    assertThat(run.out()).contains("EXCEEDED");
  }

  @Test
  void aDifferenceThatWasProvedImpossibleWhileNothingClipsIsAFailure() throws IOException {
    Path file =
        withMetadata("clip.onnx", Map.of("fixpoint.error_unclipped.logits", "uniform 0.001"));

    CommandRun run = CommandRun.of("compare", model, file.toString(), "--data", data);

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(Main.FELL_SHORT);
    assertThat(run.out()).contains("EXCEEDED");
  }

  @Test
  void integerOperatorsCarryTheCertificatesOfWhatTheyStandFor() throws IOException {
    Path file = folder.resolve("mlp.qlinear.onnx");
    Path ledger = folder.resolve("ledger.json");
    String calibration = CommandRun.shared("digits/calibration.npz").toString();
    CommandRun written =
        CommandRun.of(
            "quantize",
            model,
            "-o",
            file.toString(),
            "--calibration",
            calibration,
            "--format",
            "qlinear",
            "--ledger",
            ledger.toString());
    assertThat(written.exitCode()).as(written.toString()).isZero();
    assertThat(written.out()).contains("while nothing clips");
    assertThat(Certificates.of(OnnxReader.read(file)).orElseThrow().outputs().toString())
        .isEqualTo(Certificates.of(OnnxReader.read(quantized)).orElseThrow().outputs().toString());

    CommandRun run = CommandRun.of("compare", model, file.toString(), "--data", data);

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out())
        .contains("certificates: hold (500 samples, 0 outside")
        .contains("clipping not counted");
  }

  @Test
  void certificatesForAnotherModelAreNotChecked() {
    String other = CommandRun.shared("digits/digits_rescnn.onnx").toString();

    CommandRun run =
        CommandRun.of("compare", other, quantized.toString(), "--data", data, "--json");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out()).contains("other_source");
    assertThat(CommandRun.of("compare", other, quantized.toString(), "--data", data).out())
        .contains("are for another model than A: not checked");
  }

  @Test
  void damagedCertificatesAreBadInput() throws IOException {
    Path file = withMetadata("damaged.onnx", Map.of("fixpoint.error.logits", "uniform much"));

    CommandRun run = CommandRun.of("compare", model, file.toString(), "--data", data);

    assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
    assertThat(run.err()).contains("fixpoint.error.logits").contains("quantize again");
  }
}
