package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
  /** What bash offers behind a line that ends in the given words. */
  private static String completed(Path folder, String... words) throws IOException {
    Path script = Files.writeString(folder.resolve("script"), CommandRun.of("completion").out());
    String line = String.join(" ", words);
    String commands =
        "compopt() { :; }; source "
            + script
            + "; COMP_WORDS=("
            + line
            + "); COMP_CWORD="
            + (words.length - 1)
            + "; COMP_LINE='"
            + line
            + "'; _complete_fixpoint; echo \"${COMPREPLY[@]}\"";
    Process bash = new ProcessBuilder("bash", "-c", commands).redirectErrorStream(true).start();
    return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void bashCompletesCommands(@TempDir Path folder) throws IOException {
    assertThat(completed(folder, "fixpoint", "qua").strip()).isEqualTo("quantize");
  }

  @Test
  void bashCompletesOptions(@TempDir Path folder) throws IOException {
    assertThat(completed(folder, "fixpoint", "bench", "--per").strip()).isEqualTo("--per-node");
  }
}
