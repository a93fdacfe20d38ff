package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  @TempDir Path folder;

  @Test
  void everyCommandSucceeds() throws Exception {
    assertThat(Rehearsal.run(folder)).isEqualTo(Main.DONE);
    assertThat(folder.resolve("model.int8.onnx")).isNotEmptyFile();
  }
}
