package dev.fixpoint.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.transform.fuse.FuseConvActivation;
import dev.fixpoint.transform.fuse.FuseConvAdd;
import dev.fixpoint.transform.fuse.FuseMatMulAdd;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FuseTest {
  private static final List<OpDefinition> ACTIVATIONS =
      List.of(
          StandardOps.RELU,
          StandardOps.LEAKY_RELU,
          StandardOps.HARD_SIGMOID,
          StandardOps.HARD_SWISH,
          StandardOps.SWISH);

  @Provide
  Arbitrary<OpDefinition> activations() {
    return Arbitraries.of(ACTIVATIONS);
  }

  private static Value conv(RuleGraphs graphs, Value x) {
    return graphs
        .builder()
        .call(
            "conv",
            StandardOps.CONV,
            Attributes.NONE,
            x,
            graphs.weights("w", 3, 3, 1, 1),
            graphs.weights("b", 3));
  }

  @Property
  void activationBehindAConvolutionStaysWithinItsBound(
      @ForAll long seed, @ForAll("activations") OpDefinition activation) {
    RuleGraphs graphs = new RuleGraphs(seed);
    Value t = conv(graphs, graphs.input(1, 3, 4, 4));
    Value y = graphs.builder().call("y", activation, Attributes.NONE, t);

    RuleCheck.checkFires(graphs.builder().output(y).build(), FuseConvActivation.RULE, seed);
  }

  @Property
  void residualOnEitherSideStaysWithinItsBound(@ForAll long seed, @ForAll boolean left) {
    RuleGraphs graphs = new RuleGraphs(seed);
    Value x = graphs.input(1, 3, 4, 4);
    Value t = conv(graphs, x);
    Value y =
        left
            ? graphs.builder().call("y", StandardOps.ADD, Attributes.NONE, x, t)
            : graphs.builder().call("y", StandardOps.ADD, Attributes.NONE, t, x);

    RuleCheck.checkFires(graphs.builder().output(y).build(), FuseConvAdd.RULE, seed);
  }

  @Property
  void vectorBehindAMatrixProductStaysWithinItsBound(@ForAll long seed) {
    RuleGraphs graphs = new RuleGraphs(seed);
    Value a = graphs.input(2, 3, 5);
    Value t =
        graphs
            .builder()
            .call("t", StandardOps.MAT_MUL, Attributes.NONE, a, graphs.weights("b", 5, 4));
    Value y =
        graphs.builder().call("y", StandardOps.ADD, Attributes.NONE, t, graphs.weights("c", 4));

    RuleCheck.checkFires(graphs.builder().output(y).build(), FuseMatMulAdd.RULE, seed);
  }

  @Test
  void reluStaysWhereItsInputIsReadElsewhere() {
    RuleGraphs graphs = new RuleGraphs(1);
    Value t = conv(graphs, graphs.input(1, 3, 4, 4));
    Value relu = graphs.builder().call("r", StandardOps.RELU, Attributes.NONE, t);
    Value sum = graphs.builder().call("s", StandardOps.ADD, Attributes.NONE, relu, t);
    Graph graph = graphs.builder().output(sum).build();

    assertThat(RuleCheck.run(graph, FuseConvActivation.RULE).after()).isSameAs(graph);
  }

  @Test
  void vectorOfOneEntryARowIsRefused() {
    RuleGraphs graphs = new RuleGraphs(1);
    Value a = graphs.input(4, 5);
    Value t =
        graphs
            .builder()
            .call("t", StandardOps.MAT_MUL, Attributes.NONE, a, graphs.weights("b", 5, 4));
    Value y =
        graphs.builder().call("y", StandardOps.ADD, Attributes.NONE, t, graphs.weights("c", 4, 1));
    Graph graph = graphs.builder().output(y).build();

    assertThat(RuleCheck.run(graph, FuseMatMulAdd.RULE).after()).isSameAs(graph);
  }

  @Test
  void clipWithComputedBoundsIsRefused() {
    RuleGraphs graphs = new RuleGraphs(1);
    Value x = graphs.input(1, 3, 4, 4);
    Value t = conv(graphs, x);
    Value low = graphs.builder().constant("low", Tensor.scalar(ElementType.FLOAT, 0));
    Value high = graphs.builder().call("high", StandardOps.RELU, Attributes.NONE, low);
    Value y = graphs.builder().call("y", StandardOps.CLIP, Attributes.NONE, t, low, high);
    Graph graph = graphs.builder().output(y).build();

    RuleCheck.Outcome outcome = RuleCheck.run(graph, FuseConvActivation.RULE);

    assertThat(outcome.after()).isSameAs(graph);
    assertThat(outcome.refusals())
        .extracting(refusal -> refusal.reason())
        .containsExactly("not so: the activation is on float32 with constant bounds");
  }
}
