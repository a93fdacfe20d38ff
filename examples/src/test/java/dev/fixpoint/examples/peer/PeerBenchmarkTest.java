package dev.fixpoint.examples.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.examples.Digits;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.onnx.OnnxReader;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The networks of the benchmark are those of the papers, and every contestant runs. */
class PeerBenchmarkTest {
  private static long work(Graph graph) {
    long work = 0;
    for (Node node : graph.nodes()) {
      work += node.op().multiplyAccumulates(TypeInference.call(graph, node));
    }
    return work;
  }

  private static Shape output(Graph graph) {
    return graph.type(graph.outputs().getFirst()).shape();
  }

  @Test
  void workIsThatOfThePapers() {
    assertThat(work(Networks.resNet18()) / 1_000_000).isEqualTo(1814);
    assertThat(work(Networks.resNet50()) / 1_000_000).isEqualTo(4089);
    assertThat(work(Networks.mobileNetV2()) / 1_000_000).isEqualTo(300);
    assertThat(work(Networks.squeezeNet()) / 1_000_000).isEqualTo(349);
    assertThat(output(Networks.squeezeNet())).isEqualTo(Shape.of(1, 1000));
    assertThat(output(Networks.transformer(128, 512, 8, 2048))).isEqualTo(Shape.of(1, 128, 512));
  }

  @Test
  void normalizationBehindQuantizedWeightsGoesIntoTheirScales() {
    Graph normed = OnnxReader.read(Digits.model("rescnn"));
    Forms forms = new Forms(normed, PeerBenchmark.batches(normed, 1));
    Graph file = OnnxReader.read(forms.leftIn(Forms.EXACT));

    assertThat(operators(file)).contains("BatchNormalization");
    assertThat(operators(Forms.lowered(forms.leftIn(Forms.EXACT))))
        .doesNotContain("BatchNormalization", "Mul");
  }

  private static List<String> operators(Graph graph) {
    return graph.nodes().stream().map(node -> node.opId().name()).toList();
  }

  @Test
  void everyContestantRuns() {
    Graph model = Networks.transformer(4, 16, 2, 32);
    List<Map<String, Tensor>> batches = PeerBenchmark.batches(model, 1);
    List<Contestant> contestants =
        PeerBenchmark.contestants(model, batches, 2, Set.copyOf(PeerBenchmark.FORMS));

    assertThat(contestants).hasSize(12);
    for (Contestant contestant : contestants) {
      contestant.measure(0);
      assertThat(contestant.median()).as(contestant.name()).isPositive();
      contestant.close();
    }
  }
}
