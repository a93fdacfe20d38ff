package dev.fixpoint.runtime.internal.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.op.OpId;
import dev.fixpoint.runtime.ExecutionOptions;
import dev.fixpoint.runtime.InferenceSession;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Every kernel against the reference semantics of its operator: equal, or in the bound that the
 * operator states for float arithmetic in another order.
 */
class KernelContractTest {
  @Provide
  Arbitrary<OpId> operators() {
    return Arbitraries.of(Kernels.ALL.operators());
  }

  @Property(tries = 2000)
  void kernelsAgreeWithTheirOperators(@ForAll("operators") OpId id, @ForAll long seed) {
    DrawnCall drawn = new CallDrawing(new Random(seed)).draw(id);
    Graph graph = drawn.graph();
    List<Tensor> expected = drawn.op().evaluate(drawn.call());
    List<Tensor> one = run(graph, drawn.feed(), ExecutionOptions.DEFAULT);
    List<ErrorBound> bounds = drawn.op().machineError(drawn.call(), expected);
    for (int i = 0; i < expected.size(); i++) {
      if (one.get(i).elementType().isFloat() || !(bounds.get(i) instanceof ErrorBound.Exact)) {
        var verdict = bounds.get(i).check(expected.get(i), one.get(i));
        assertThat(verdict.holds()).as("%s: %s", drawn, verdict).isTrue();
      } else {
        assertThat(one.get(i)).as("%s", drawn).isEqualTo(expected.get(i));
      }
    }
    List<Tensor> two = run(graph, drawn.feed(), ExecutionOptions.DEFAULT.withThreads(2));
    assertThat(two).as("on two threads").isEqualTo(one);
  }

  private static List<Tensor> run(Graph graph, Map<String, Tensor> feed, ExecutionOptions options) {
    try (var session = InferenceSession.of(graph, options)) {
      List<Tensor> outputs = List.copyOf(session.run(feed).values());
      // What has no elements needs no kernel.
      if (outputs.stream().anyMatch(output -> output.elementCount() > 0)) {
        assertThat(session.plan(Map.of()).steps())
            .extracting(step -> step.kernel())
            .as("kernels of %s", graph.nodes())
            .doesNotContain("ReferenceKernel");
      }
      return outputs;
    }
  }
}
