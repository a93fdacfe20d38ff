package dev.fixpoint.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.internal.GreedyDriver;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class RewriterTest {
  private static final OpDefinition RELU = StandardOps.RELU;
  private static final OpDefinition ADD = StandardOps.ADD;
  private static final TensorType TYPE = TensorType.of(ElementType.FLOAT, 2, 3);
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Node> INNER = Capture.ofNode("inner");

  private static final RewriteRule DOUBLE_RELU =
      RewriteRule.named("remove-double-relu")
          .match(Patterns.op(RELU).input(0, Patterns.op(RELU).capture(INNER).input(0, X)))
          .replaceWith(
              (match, build) ->
                  build.define(match.root().output(), RELU, Attributes.NONE, match.get(X)))
          .within(ErrorContract.bitExact());

  private static Rewriter rewriter(Graph graph) {
    return new Rewriter(graph, Map.of(), RewriteListener.NONE);
  }

  private static Graph run(Graph graph, RewriteRule... rules) {
    Rewriter rewriter = rewriter(graph);
    new GreedyDriver(rewriter, RuleSet.of(rules), RewriteListener.NONE).run();
    return rewriter.finish();
  }

  private static Graph chain(int length) {
    GraphBuilder builder = new GraphBuilder("chain");
    Value value = builder.input("x", TYPE);
    for (int i = 0; i < length; i++) {
      value = builder.call("r" + i, RELU, Attributes.NONE, value);
    }
    return builder.output(value).build();
  }

  @Test
  void ruleFiresUntilNothingIsLeftAndKeepsTheOutput() {
    Graph graph = chain(100);

    Graph after = run(graph, DOUBLE_RELU);

    assertThat(after.nodes()).hasSize(1);
    assertThat(after.outputs()).isEqualTo(graph.outputs());
    assertThat(after.type(after.outputs().getFirst())).isEqualTo(TYPE);
  }

  @Test
  void graphStaysTheSameObjectWhereNothingFires() {
    Graph graph = chain(1);

    assertThat(run(graph, DOUBLE_RELU)).isSameAs(graph);
  }

  @Test
  void nodeWithAnotherReaderStays() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TYPE);
    Value inner = builder.call("inner", RELU, Attributes.NONE, x);
    Value outer = builder.call("outer", RELU, Attributes.NONE, inner);
    Graph graph = builder.output(outer).output(inner).build();

    Graph after = run(graph, DOUBLE_RELU);

    assertThat(after.nodes()).hasSize(2);
    assertThat(after.producer(outer).inputs()).containsExactly(x);
    assertThat(after.producer(inner)).isSameAs(graph.producer(inner));
  }

  @Test
  void recordNamesRuleNodesAndBound() {
    Graph graph = chain(2);
    Rewriter rewriter = rewriter(graph);
    Match match = (Match) DOUBLE_RELU.matchAt(rewriter.graph(), graph.nodes().getLast());

    rewriter.apply(DOUBLE_RELU, match);

    assertThat(rewriter.records())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.rewrite()).isEqualTo("remove-double-relu");
              assertThat(record.before()).containsExactlyElementsOf(graph.nodes().reversed());
              assertThat(record.bound()).isEqualTo(ErrorBound.EXACT);
              assertThat(record.replacement().nodes().getFirst().provenance().sources())
                  .containsExactly("r1", "r0");
            });
  }

  @Test
  void mismatchNamesTheReason() {
    Graph graph = chain(1);

    MatchResult result = DOUBLE_RELU.matchAt(graph, graph.nodes().getFirst());

    assertThat(result)
        .asInstanceOf(InstanceOfAssertFactories.type(MatchResult.Mismatch.class))
        .extracting(MatchResult.Mismatch::toString)
        .isEqualTo("Relu node 'r0': has an input that no node makes, where Relu should");
  }

  @Test
  void outputOfTheGraphCannotBeSubstituted() {
    Graph graph = chain(1);
    Node relu = graph.nodes().getFirst();

    assertThatThrownBy(
            () ->
                rewriter(graph)
                    .replace(
                        "drop",
                        List.of(relu),
                        build -> build.substitute(relu.output(), relu.input(0)),
                        ErrorContract.bitExact()))
        .isInstanceOf(RewriteException.class)
        .hasMessage(
            "rewrite 'drop' substitutes 'r0', which is an output of the graph; let a node define"
                + " it, or add the condition that it is not");
  }

  @Test
  void readingAValueThatNothingMakesIsRefused() {
    Graph graph = chain(1);
    Node relu = graph.nodes().getFirst();

    assertThatThrownBy(
            () ->
                rewriter(graph)
                    .replace(
                        "lose",
                        List.of(relu),
                        build ->
                            build.define(
                                relu.output(), RELU, Attributes.NONE, new Value("nowhere")),
                        ErrorContract.bitExact()))
        .isInstanceOf(RewriteException.class)
        .hasMessage("rewrite 'lose' reads 'nowhere', which nothing makes");
  }

  @Test
  void rulesThatChaseEachOtherAreStopped() {
    RewriteRule grow =
        RewriteRule.named("wrap-relu")
            .match(Patterns.op(RELU).input(0, X))
            .replaceWith(
                (match, build) -> {
                  Value inner = build.call("t", RELU, Attributes.NONE, match.get(X));
                  build.define(match.root().output(), RELU, Attributes.NONE, inner);
                })
            .within(ErrorContract.bitExact());

    assertThatThrownBy(() -> run(chain(1), grow))
        .isInstanceOf(RewriteException.class)
        .hasMessageContaining("rule 'wrap-relu' keeps firing on what it made")
        .hasMessageContaining("fired most: wrap-relu (");
  }

  @Test
  void swappedOperandsMatchACommutativePattern() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TYPE);
    Value relu = builder.call("r", RELU, Attributes.NONE, x);
    Graph graph = builder.output(builder.call("y", ADD, Attributes.NONE, x, relu)).build();
    Pattern.OpPattern pattern =
        Patterns.op(ADD).inputs(Patterns.op(RELU).capture(INNER), Patterns.any(X)).commutative();
    RewriteRule rule =
        RewriteRule.named("see")
            .match(pattern)
            .replaceWith((match, build) -> {})
            .within(ErrorContract.bitExact());

    MatchResult result = rule.matchAt(graph, graph.nodes().getLast());

    assertThat(result).isInstanceOf(Match.class);
    assertThat(((Match) result).get(X)).isSameAs(x);
    assertThat(((Match) result).get(INNER)).isSameAs(graph.producer(relu));
  }

  @Test
  void sameCaptureInTwoPlacesMeansTheSameValue() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TYPE);
    Value z = builder.input("z", TYPE);
    Value twice = builder.call("a", ADD, Attributes.NONE, x, x);
    Value mixed = builder.call("b", ADD, Attributes.NONE, x, z);
    Graph graph = builder.output(twice).output(mixed).build();
    RewriteRule rule =
        RewriteRule.named("see")
            .match(Patterns.op(ADD).input(0, X).input(1, X))
            .replaceWith((match, build) -> {})
            .within(ErrorContract.bitExact());

    List<Class<?>> results = new ArrayList<>();
    graph.nodes().forEach(node -> results.add(rule.matchAt(graph, node).getClass()));

    assertThat(results).containsExactly(Match.class, MatchResult.Mismatch.class);
  }
}
