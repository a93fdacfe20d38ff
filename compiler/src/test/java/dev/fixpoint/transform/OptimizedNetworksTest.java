package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.SharedData;
import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the float pipeline leaves of the shared networks. */
class OptimizedNetworksTest {
  private static final Path PAGE = Path.of("..", "docs", "benchmarks.md");

  static List<String> networks() {
    return SharedData.NETWORKS;
  }

  /** A normalization with float parameters; quantized ones are no constants to fold. */
  private static boolean isNormalization(Graph graph, Node node) {
    return node.calls(StandardOps.BATCH_NORMALIZATION) && graph.constant(node.input(1)) != null;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void noNormalizationIsLeftAndThePageCountsTheNodes(String network) throws IOException {
    Graph before = OnnxReader.read(SharedData.path(network));
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of());

    Graph after =
        new PassManager(StandardPipelines.floatOptimizations(), List.of()).run(before, context);

    assertThat(after.nodes()).noneMatch(node -> isNormalization(after, node));
    String name = network.substring(network.indexOf('/') + 1).replace(".onnx", "");
    assertThat(PAGE)
        .content()
        .contains(
            "| %s | %d | %d |\n".formatted(name, before.nodes().size(), after.nodes().size()));
  }
}
