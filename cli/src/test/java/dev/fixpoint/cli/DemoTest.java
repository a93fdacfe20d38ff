package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled networks keep what the project promises of them. */
class DemoTest {
  @ParameterizedTest
  @CsvSource({
    "mlp, 0.962, 0.958, 44, 0.30",
    "rescnn, 0.996, 0.994, 37, 0.40",
    "mobile, 0.988, 0.980, 30, 1.00"
  })
  void networkKeepsItsAccuracyOnIntegers(
      String network, double floatAccuracy, double accuracy, double decibels, double size)
      throws IOException {
    DigitsLine line = DigitsLine.of(network);
    DigitsLine.Station reference = line.stations().getFirst();
    DigitsLine.Station simulated = line.stations().get(1);
    DigitsLine.Station int8 = line.stations().getLast();

    assertThat(reference.accuracy()).isEqualTo(floatAccuracy);
    assertThat(int8.accuracy()).isGreaterThanOrEqualTo(accuracy);
    assertThat(simulated.decibels(reference)).isGreaterThanOrEqualTo(decibels);
    assertThat(int8.decibels(reference)).isGreaterThanOrEqualTo(decibels);
    assertThat(int8.bytes()).isLessThanOrEqualTo((long) (size * reference.bytes()));
    assertThat(line.plan().integerMacShare()).isGreaterThanOrEqualTo(0.95);
    assertThat(line.equalsReference(4)).isTrue();
  }

  @Test
  void demoPrintsRewritesAndStations() {
    CommandRun run = CommandRun.of("demo", "--model", "mlp", "--seconds", "0.01", "--verbose");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("place-fake-quant", "lower-to-quantized", "real_identity", "≤ ")
        .contains("float", "fake-quant", "int8", "integer_mac_share 1.000")
        .contains("int8 equals the integer reference semantics bit for bit on 16 images");
  }

  @Test
  void demoLeavesFilesForTheOtherCommands(@TempDir Path folder) {
    Path files = folder.resolve("new");
    CommandRun.of("demo", "--model", "mlp", "--seconds", "0.01", "--files", files);
    Path model = files.resolve("digits_mlp.onnx");

    CommandRun compared =
        CommandRun.of("compare", model, model, "--data", files.resolve("test.npz"), "--json");

    assertThat(compared.exitCode()).as(compared.err()).isZero();
    assertThat(compared.out()).contains("\"accuracy_a\" : 0.962");
    assertThat(files.resolve("calibration.npz")).isNotEmptyFile();
  }

  @Test
  void demoRefusesANetworkThatIsNotBundled() {
    CommandRun run = CommandRun.of("demo", "--model", "other");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: digits_other.onnx: ").hasLineCount(1);
  }
}
