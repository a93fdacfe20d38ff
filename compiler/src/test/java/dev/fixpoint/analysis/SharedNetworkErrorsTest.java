package dev.fixpoint.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.SharedData;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.StandardOps;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is proved of the networks of the data folder. */
class SharedNetworkErrorsTest {
  /** Share of its bound that a witness reaches. */
  private static final double ATTAINED = 0.9;

  static List<String> networks() {
    return SharedData.NETWORKS;
  }

  /**
   * What depends on an Exp of a float value: its argument may be so large where quantizers clip, as
   * far as intervals know, that the float network itself overflows. That is so for the boxes of the
   * face detector.
   */
  private static Set<String> behindExponentials(Graph graph) {
    Set<Value> behind = new HashSet<>();
    for (Node node : graph.nodes()) {
      if (node.calls(StandardOps.EXP) || node.inputs().stream().anyMatch(behind::contains)) {
        behind.addAll(node.outputs());
      }
    }
    return behind.stream().map(Value::name).collect(Collectors.toSet());
  }

  private static void assertBounded(
      String tensor, Certificate certificate, Set<String> exponentials) {
    assertThat(certificate.unclipped().isBounded()).as("%s: %s", tensor, certificate).isTrue();
    if (!certificate.unconditional().isBounded()) {
      assertThat(exponentials).contains(tensor);
      assertThat(certificate.unconditional().toString())
          .matches("unbounded: Exp node .* may be as large as \\d\\.\\d\\de\\+\\d+: .*");
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void everyTensorIsBoundedAndWeightTermsAreAttained(String file, TestReporter reporter)
      throws IOException {
    SharedNetwork network = SharedNetwork.of(file);
    ErrorReport report = network.compiled().errors().orElseThrow();

    assertThat(report.lines()).isNotEmpty();
    Derivation derivation = network.compiled().derivation().orElseThrow();
    Set<String> exponentials = behindExponentials(derivation.reference());
    assertThat(report.lines())
        .allSatisfy(line -> assertBounded(line.tensor(), line.composed(), exponentials))
        .allSatisfy(line -> assertBounded(line.tensor(), line.local(), exponentials));
    assertThat(report.outputs())
        .isNotEmpty()
        .allSatisfy((name, certificate) -> assertBounded(name, certificate, exponentials));

    ErrorAnalysis analysis = new ErrorAnalysis(derivation, network.box());
    double least = 1;
    int witnesses = 0;
    for (Node node : derivation.reference().nodes()) {
      Value value = node.output();
      WeightTerm term = analysis.weightTerm(value);
      if (term == null) {
        continue;
      }
      Optional<WeightWitness> witness = analysis.witness(value);
      assertThat(witness).as(node.describe()).isPresent();
      double bound = term.result().intervals().get(term.worstChannel()).magnitude();
      double attained = Math.abs(witness.get().change()) / bound;
      assertThat(attained).as(node.describe()).isBetween(ATTAINED, 1.0);
      least = Math.min(least, attained);
      witnesses++;
    }
    reporter.publishEntry(file, witnesses + " witnesses attain " + least + " or more");
  }
}
