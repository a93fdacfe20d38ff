package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What quantize refuses of its options for weights and improvements. */
class BetterThanPlainTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--improve nonsense|--improve nonsense: this is not available",
        "--accuracy-target 7|--accuracy-target 7: give decibels, as 45dB, or a share, as 0.99",
        "--accuracy-target xdB|--accuracy-target xdB: give decibels, as 45dB, or a share, as 0.99",
        "--scheme weights --improve bias|--improve and --accuracy-target are for --scheme static",
        "--scheme dynamic --improve bias|--improve and --accuracy-target compare with sample",
        "--rounding gptq|--rounding and --pack are for --scheme weights"
      })
  void optionsThatDoNotFitAreRefused(String options, String problem) {
    String[] given = options.split(" ");
    String[] all = new String[given.length + 4];
    all[0] = "quantize";
    all[1] = "missing.onnx";
    all[2] = "-o";
    all[3] = folder.resolve("out.onnx").toString();
    System.arraycopy(given, 0, all, 4, given.length);

    CommandRun run = CommandRun.of(all);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("error: " + problem).hasLineCount(1);
  }

  @Test
  void helpNamesTheMethods() {
    CommandRun run = CommandRun.of("quantize", "--help");

    assertThat(run.out()).contains("--improve", "adaround", "--accuracy-target", "--rounding");
  }
}
