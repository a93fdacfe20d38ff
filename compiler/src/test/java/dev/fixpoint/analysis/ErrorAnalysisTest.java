package dev.fixpoint.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.op.OpDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Random networks, quantized in every way, against their certificates. */
class ErrorAnalysisTest {
  private static final int NETWORKS = Math.max(50, Integer.getInteger("fixpoint.tries", 100) / 5);
  private static final int INPUTS = 50;

  /** Percent of the networks whose outputs have to have bounds, in any case and otherwise. */
  private static final int BOUNDED = 90;

  private static Optional<String> violation(Graph graph, QuantizationWay way, long seed) {
    Random random = new Random(seed);
    return CertifiedNetwork.of(graph, way, random).search(random, INPUTS);
  }

  @Test
  void nothingIsFurtherOffThanProvedWhateverInputIsSearchedFor(TestReporter reporter) {
    List<OpDefinition> operators = RandomNetwork.operators();
    List<QuantizationWay> ways = QuantizationWay.all();
    List<Double> ratios = new ArrayList<>();
    int bounded = 0;
    for (int i = 0; i < NETWORKS; i++) {
      Random random = new Random(i);
      OpDefinition wanted = operators.get(i % operators.size());
      Graph graph = RandomNetwork.draw(random, operators, wanted);
      QuantizationWay way = ways.get(i % ways.size());
      CertifiedNetwork network = CertifiedNetwork.of(graph, way, random);
      Optional<String> violation = network.search(random, INPUTS);
      if (violation.isPresent()) {
        long seed = i;
        Graph smallest = SmallestNetwork.of(graph, g -> violation(g, way, seed).isPresent());
        fail("seed %s, %s: %s%n%s", seed, way, violation.get(), OnnxTextWriter.toText(smallest));
      }
      ratios.add(network.worstUnclipped());
      boolean isBounded =
          network.report().outputs().values().stream().allMatch(Certificate::isBounded);
      bounded += isBounded ? 1 : 0;
    }
    assertThat(bounded).isGreaterThanOrEqualTo(NETWORKS * BOUNDED / 100);
    reporter.publishEntry("observed over certified", ratios.toString());
  }
}
