package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  private static final String MODEL =
      """
      <ir_version: 10, opset_import: ["" : 21]>
      g (float[1,2,3,3] x) => (float[1,2,3,3] y)
        <float[2,2,1,1] w = {1.0, 2.0, 3.0, 4.0}, float[2] k = {0.5, 2.0}, float[2] b = {0.1, 0.2},
         float[2] v = {1.0, 3.0}> {
        t = Conv(x, w)
        n = BatchNormalization(t, k, b, b, v)
        y = Relu(n)
      }
      """;

  private static final String WRONG =
      """
      rule drop-relu {
        doc "relu(x) = x, which is not so"
        match y = Relu(x)
        replace y with Identity(x)
        within bit_exact
      }
      """;

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void everyRewriteOfTheStandardPipelinesKeepsItsBound() throws IOException {
    Path model = file("m.onnxtxt", MODEL);

    CommandRun optimized = CommandRun.of("verify", model, "--tries", 3);
    CommandRun quantized = CommandRun.of("verify", model, "--pipeline", "quantize", "--tries", 3);

    assertThat(optimized.exitCode()).isZero();
    assertThat(optimized.out()).contains("fold-batch-norm-into-conv", "fuse-conv-activation");
    assertThat(quantized.exitCode()).isZero();
    assertThat(quantized.out()).contains("place-fake-quant");
  }

  @Test
  void aRewriteThatLeavesItsBoundIsShownWithItsInputs() throws IOException {
    Path model = file("m.onnxtxt", MODEL);

    CommandRun run = CommandRun.of("verify", model, "--rules", file("wrong.rules", WRONG));

    assertThat(run.exitCode()).isEqualTo(Main.FELL_SHORT);
    assertThat(run.out()).contains("drop-relu", "Relu (", "where ", "becomes", "Identity (");
  }

  @Test
  void theSmallestGraphIsFoundAndShowsTheFailureAgain() throws IOException {
    Path model = file("m.onnxtxt", MODEL);
    Path rules = file("wrong.rules", WRONG);

    CommandRun run = CommandRun.of("verify", model, "--rules", rules, "--seed", 7);
    String found = run.out().split("the smallest graph found:\n")[1].split("\nwhere ")[0];
    CommandRun again =
        CommandRun.of("verify", file("s.onnxtxt", found), "--rules", rules, "--seed", 7);

    assertThat(found).contains("(float[1,1,1,1] ", "Relu (").doesNotContain("Conv", "BatchNorm");
    assertThat(run.out()).contains("--seed 7");
    assertThat(again.exitCode()).isEqualTo(Main.FELL_SHORT);
  }

  @Test
  void noTriesAreRefused() throws IOException {
    CommandRun run = CommandRun.of("verify", file("m.onnxtxt", MODEL), "--tries", 0);

    assertThat(run.exitCode()).isEqualTo(Main.REFUSED);
    assertThat(run.err()).contains("--tries 0");
  }
}
