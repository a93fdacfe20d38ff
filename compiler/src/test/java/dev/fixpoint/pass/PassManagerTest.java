package dev.fixpoint.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PassManagerTest {
  private static Graph relu() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT, 2));
    return builder.output(builder.call("y", StandardOps.RELU, Attributes.NONE, x)).build();
  }

  private static Graph run(Graph graph, Pass pass, List<PassObserver> observers) {
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of());
    return new PassManager(Pipeline.builder().then(pass).build(), observers).run(graph, context);
  }

  @Test
  void lambdaIsAPass() {
    Pass twice =
        (graph, context) ->
            context.rewrite(
                graph,
                rewriter ->
                    graph
                        .nodes()
                        .forEach(
                            node ->
                                rewriter.replace(
                                    "twice",
                                    List.of(node),
                                    build -> {
                                      Value t =
                                          build.call(
                                              "t",
                                              StandardOps.RELU,
                                              Attributes.NONE,
                                              node.input(0));
                                      build.define(
                                          node.output(), StandardOps.RELU, Attributes.NONE, t);
                                    },
                                    ErrorContract.bitExact())));
    List<PassObserver.Step> steps = new ArrayList<>();

    Graph after = run(relu(), twice.named("twice"), List.of(steps::add));

    assertThat(after.nodes()).hasSize(2);
    assertThat(steps).singleElement().satisfies(s -> assertThat(s.records()).hasSize(1));
  }

  @Test
  void changePastTheRewriterIsRefused() {
    Pass smuggler = (_, _) -> relu();

    assertThatThrownBy(() -> run(relu(), smuggler.named("smuggler"), List.of()))
        .isInstanceOf(PassException.class)
        .hasMessage(
            "pass 'smuggler': changed the graph past the rewriter: no record explains Relu node 'y'"
                + " (fired so far: nothing)");
  }

  @Test
  void falseClaimIsRefused() {
    GraphProperty empty =
        new GraphProperty(
            "EMPTY",
            graph ->
                graph.nodes().isEmpty() ? Optional.empty() : Optional.of("there are nodes left"));
    Pass liar =
        new Pass() {
          @Override
          public Graph transform(Graph graph, PassContext context) {
            return graph;
          }

          @Override
          public String name() {
            return "liar";
          }

          @Override
          public Set<GraphProperty> establishes() {
            return Set.of(empty);
          }
        };

    assertThatThrownBy(() -> run(relu(), liar, List.of()))
        .isInstanceOf(PassException.class)
        .hasMessageStartingWith("pass 'liar': claims to establish EMPTY, but there are nodes left");
  }
}
