package dev.fixpoint.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.calibration.CalibrationMethod;
import dev.fixpoint.calibration.QuantScheme;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.onnx.OnnxTextWriter;
import dev.fixpoint.op.FloatLayers;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.ElementType;
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

  private static List<QuantScheme> schemes() {
    QuantScheme base = QuantScheme.DEFAULT;
    List<QuantScheme> schemes = new ArrayList<>();
    for (ElementType weights : List.of(ElementType.INT8, ElementType.UINT8)) {
      for (ElementType activations : List.of(ElementType.UINT8, ElementType.INT8)) {
        schemes.add(base.withTypes(activations, weights));
        schemes.add(base.withTypes(activations, weights).withPerChannel(false));
      }
    }
    schemes.add(base.withSymmetricActivations(true));
    schemes.add(base.withTypes(ElementType.INT16, ElementType.INT8));
    schemes.add(base.withTypes(ElementType.UINT8, ElementType.INT4));
    for (CalibrationMethod method : CalibrationMethod.ALL) {
      schemes.add(base.withCalibration(method));
    }
    return schemes;
  }

  @Test
  void nothingIsFurtherOffThanProvedWhateverInputIsSearchedFor(TestReporter reporter) {
    List<OpDefinition> operators = FloatLayers.operators();
    List<QuantScheme> schemes = schemes();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < NETWORKS; i++) {
      Random random = new Random(i);
      Graph graph = RandomNetwork.draw(random, operators, operators.get(i % operators.size()));
      QuantScheme scheme = schemes.get(i % schemes.size());
      CertifiedNetwork network = CertifiedNetwork.of(graph, scheme, random);
      Optional<String> violation = network.search(random, INPUTS);
      assertThat(violation)
          .as("network %s, %s:%n%s", i, scheme, OnnxTextWriter.toText(graph))
          .isEmpty();
      ratios.add(network.worstUnclipped());
    }
    reporter.publishEntry("observed over certified", ratios.toString());
  }
}
