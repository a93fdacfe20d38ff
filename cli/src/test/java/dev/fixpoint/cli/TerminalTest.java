package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Colours are for people: on a terminal they are there, in files, pipes and JSON never. */
class TerminalTest {
  private static final String ESCAPE = "\u001b[";
  private static final String OUT = "fixpoint.stdout.terminal";
  private static final String ERROR = "fixpoint.stderr.terminal";

  private final Path model =
      Path.of("../examples/src/main/resources/dev/fixpoint/examples/digits/digits_mlp.onnx");

  @AfterEach
  void leaveTheTerminal() {
    System.clearProperty(OUT);
    System.clearProperty(ERROR);
  }

  @Test
  void pipesGetPlainText() {
    assertThat(CommandRun.of("inspect", model).out()).doesNotContain(ESCAPE);
    assertThat(CommandRun.of("--help").out()).doesNotContain(ESCAPE);
    assertThat(CommandRun.of("inspect", "nothing.onnx").err()).startsWith("error: ");
  }

  @Test
  void terminalsGetColoursAndTheSameText() {
    String plain = CommandRun.of("inspect", model).out();
    System.setProperty(OUT, "true");

    String coloured = CommandRun.of("inspect", model).out();

    assertThat(coloured).contains(ESCAPE);
    assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
    assertThat(CommandRun.of("--help").out()).contains(ESCAPE);
  }

  @Test
  void eachStreamIsAskedForItself() {
    System.setProperty(ERROR, "true");

    assertThat(CommandRun.of("inspect", "nothing.onnx").err()).startsWith(ESCAPE);
    assertThat(CommandRun.of("inspect", model).out()).doesNotContain(ESCAPE);
  }

  @Test
  void jsonIsNeverColoured() {
    System.setProperty(OUT, "true");

    assertThat(CommandRun.of("inspect", model, "--json").json()).containsKey("operators");
  }
}
