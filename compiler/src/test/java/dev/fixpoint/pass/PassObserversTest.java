package dev.fixpoint.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.transform.StandardPipelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassObserversTest {
  private static final String TEXT =
      """
      <ir_version: 10, opset_import: ["" : 21]>
      g (float[N] x) => (float[N] y) { t = Identity (x)  y = Relu (t) }
      """;

  private static void run(PassObserver observer) {
    Graph graph = OnnxTextReader.read("test", TEXT);
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of());
    new PassManager(StandardPipelines.floatOptimizations(), List.of(observer)).run(graph, context);
  }

  @Test
  void dumpWritesTheGraphWherePassesChangedIt(@TempDir Path folder) throws IOException {
    run(new GraphDump(folder.resolve("new"), OnnxTextWriter::toText));

    try (var files = Files.list(folder.resolve("new"))) {
      Path only = files.toList().getFirst();
      assertThat(only.getFileName()).hasToString("02-simplify.onnxtxt");
      assertThat(OnnxTextReader.read(only).nodes())
          .extracting(node -> node.opId().name())
          .containsExactly("Relu");
    }
  }

  @Test
  void timesHaveALineForEachPass() {
    PassTimes times = new PassTimes();

    run(times);

    assertThat(times.lines())
        .hasSameSizeAs(StandardPipelines.floatOptimizations().passes())
        .anySatisfy(
            line -> {
              assertThat(line.pass()).isEqualTo("simplify");
              assertThat(line.rewrites()).isEqualTo(1);
              assertThat(line.nodesBefore()).isEqualTo(2);
              assertThat(line.nodesAfter()).isEqualTo(1);
            });
    assertThat(times.toString()).contains("1 rewrites      2 -> 1 nodes");
  }
}
