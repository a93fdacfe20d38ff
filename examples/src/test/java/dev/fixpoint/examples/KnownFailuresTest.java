package dev.fixpoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fixpoint.ir.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs that widely used tools get wrong, and the table of them in the documentation. */
class KnownFailuresTest {
  private static final Path PAGE = Path.of("../docs/known-failures.md");
  private static final String HEAD = "| Graph | Elsewhere | Here |\n| --- | --- | --- |\n";

  private static List<Failure> failures() {
    return Failure.all();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void isRightHere(Failure failure) throws OrtException {
    Graph graph = FailureGraphs.read(failure.graph());

    assertThat(failure.here().at(graph)).isNotEmpty();
    if (failure.isRun()) {
      System.out.println(failure.graph() + ", ONNX Runtime here: " + failure.peer().at(graph));
    }
  }

  @Test
  void everyGraphIsLookedAt() {
    assertThat(Failure.all())
        .extracting(Failure::graph)
        .containsExactlyElementsOf(FailureGraphs.NAMES);
  }

  /** {@code -Dfixpoint.write=true} writes the table into the page instead. */
  @Test
  void theTableOfThePageIsWhatWasSeen() throws IOException, OrtException {
    StringBuilder table = new StringBuilder(HEAD);
    for (Failure failure : Failure.all()) {
      String here = failure.here().at(FailureGraphs.read(failure.graph()));
      table.append("| `%s` | %s | %s |\n".formatted(failure.graph(), failure.elsewhere(), here));
    }

    if (Boolean.getBoolean("fixpoint.write")) {
      String page = Files.readString(PAGE);
      int start = page.indexOf(HEAD);
      int end = page.indexOf("\n\n", start) + 1;
      Files.writeString(PAGE, page.substring(0, start) + table + page.substring(end));
    }

    assertThat(Files.readString(PAGE)).contains(table + "\n");
  }
}
