package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Every node test of ONNX through the reference interpreter, with both catalogues. */
class NodeConformanceTest {
  /** Tests that pass today; what is not there yet may only become more. */
  private static final int PASSING = 1122;

  @Test
  void noOperatorDisagreesWithOnnx(TestReporter reporter) {
    OpRegistry registry = StandardOps.registry().plus(QuantOps.REGISTRY);
    int passed = 0;
    List<String> failed = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    Map<String, Integer> unsupported = new TreeMap<>();
    for (String name : NodeTests.names()) {
      switch (NodeTests.run(name, registry)) {
        case NodeTests.Outcome.Passed _ -> passed++;
        case NodeTests.Outcome.Failed outcome -> failed.add(name + ": " + outcome.reason());
        case NodeTests.Outcome.Refused _ -> refused.add(name);
        case NodeTests.Outcome.Unsupported outcome ->
            unsupported.merge(outcome.what(), 1, Integer::sum);
      }
    }
    reporter.publishEntry("passed", Integer.toString(passed));
    reporter.publishEntry("unsupported", unsupported.toString());
    assertThat(failed).isEmpty();
    assertThat(refused).isEmpty();
    assertThat(passed).isGreaterThanOrEqualTo(PASSING);
  }
}
