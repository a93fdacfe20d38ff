package dev.fixpoint.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.MatchResult.Mismatch;
import dev.fixpoint.rewrite.Pattern.OpPattern;
import dev.fixpoint.rewrite.internal.Matcher;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatcherTest {
  private static final Capture<Node> INNER = Capture.ofNode("inner");
  private static final Capture<Value> A = Capture.ofValue("a");
  private static final Capture<Value> B = Capture.ofValue("b");
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Values> XS = Capture.ofValues("xs");

  private static Graph graph(String body) {
    return OnnxTextReader.read(
        "test",
        "<ir_version: 10, opset_import: [\"\" : 21]> g (float[2,4] x, float[2,4] z) =>"
            + " (float[m,n] y) "
            + body);
  }

  private static Node root(Graph graph) {
    return graph.nodes().getLast();
  }

  private static MatchResult match(Graph graph, OpPattern pattern, Condition... conditions) {
    return Matcher.match(graph, pattern, List.of(conditions), root(graph));
  }

  private static String reason(MatchResult result) {
    return result instanceof Mismatch mismatch ? mismatch.toString() : "matches";
  }

  @Test
  void operandsBelowTheRootAreSwappedUntilEverythingFits() {
    Graph graph = graph("{ s = Add(z, x)  t = Sigmoid(x)  y = Mul(s, t) }");
    OpPattern pattern =
        Patterns.op(StandardOps.MUL)
            .commutative()
            .inputs(
                Patterns.op(StandardOps.ADD).commutative().input(0, A).input(1, B),
                Patterns.op(StandardOps.SIGMOID).input(0, A));

    assertThat(match(graph, pattern))
        .isInstanceOfSatisfying(
            Match.class, match -> assertThat(match.get(A).name()).isEqualTo("x"));
  }

  @Test
  void aConditionChoosesAmongTheWaysToReadAPattern() {
    Graph graph =
        graph("<float[4] c = {1, 2, 3, 4}> { s = Add(x, z)  t = Mul(s, c)  y = Relu(t) }");
    OpPattern pattern =
        Patterns.op(StandardOps.RELU)
            .input(0, Patterns.op(StandardOps.MUL).commutative().input(0, A).input(1, B));

    assertThat(match(graph, pattern, Conditions.constant(A)))
        .isInstanceOfSatisfying(
            Match.class, match -> assertThat(match.get(A).name()).isEqualTo("c"));
    assertThat(Matcher.ways(graph, pattern, root(graph))).hasSize(2);
  }

  @Test
  void theMismatchThatGotFurthestIsTold() {
    Graph graph = graph("{ s = Sigmoid(z)  t = Relu(x)  y = Mul(s, t) }");
    OpPattern pattern =
        Patterns.op(StandardOps.MUL)
            .commutative()
            .inputs(Patterns.any(A), Patterns.op(StandardOps.SIGMOID).input(0, A));

    assertThat(reason(match(graph, pattern)))
        .isEqualTo("Sigmoid node that makes 's': 'z' is not the same value as 'a'");
  }

  @Test
  void aFailedConditionTellsMoreThanAFailedPattern() {
    Graph graph = graph("{ s = Sigmoid(z)  y = Mul(x, s) }");
    OpPattern pattern =
        Patterns.op(StandardOps.MUL)
            .commutative()
            .inputs(Patterns.op(StandardOps.SIGMOID), Patterns.any(A));
    Condition first = Condition.soundness("first", _ -> true);
    Condition second = Condition.soundness("second", _ -> false);

    MatchResult result = match(graph, pattern, first, second);

    assertThat(reason(result)).endsWith("not so: second");
    assertThat(((Mismatch) result).structural()).isFalse();
    assertThat(((Mismatch) result).progress()).isEqualTo(1);
  }

  @Test
  void theRestOfTheInputsIsAList() {
    Graph graph = graph("{ y = Concat <axis = 0> (x, z, x) }");
    OpPattern pattern = Patterns.op(StandardOps.CONCAT).input(0, X).rest(XS);

    assertThat(match(graph, pattern))
        .isInstanceOfSatisfying(
            Match.class,
            match -> {
              assertThat(match.get(X).name()).isEqualTo("x");
              assertThat(match.get(XS).list()).extracting(Value::name).containsExactly("z", "x");
            });
    assertThat(match(graph, pattern.input(1, A).input(2, B)))
        .isInstanceOfSatisfying(Match.class, match -> assertThat(match.get(XS).list()).isEmpty());
  }

  @Test
  void everyOtherInputMeetsThePatternForThem() {
    Graph graph = graph("{ s = Relu(x)  t = Relu(z)  y = Concat <axis = 0> (s, t) }");
    OpPattern concat = Patterns.op(StandardOps.CONCAT);

    assertThat(match(graph, concat.everyInput(Patterns.op(StandardOps.RELU))))
        .isInstanceOfSatisfying(Match.class, match -> assertThat(match.nodes()).hasSize(3));
    assertThat(reason(match(graph, concat.everyInput(Patterns.op(StandardOps.NEG)))))
        .isEqualTo("Relu node that makes 's': is not Neg");
  }

  @Test
  void severalOutputsOfOneNodeAreCapturedAndRead() {
    Graph graph = graph("{ a, b = Split <axis = 0, num_outputs = 2> (x)  y = Sub(b, a) }");
    OpPattern split =
        Patterns.op(StandardOps.SPLIT).capture(INNER).outputs(2).result(0, A).result(1, B);

    assertThat(match(graph, Patterns.op(StandardOps.SUB).inputs(split.output(1), split)))
        .isInstanceOfSatisfying(
            Match.class,
            match -> {
              assertThat(match.nodes()).hasSize(2);
              assertThat(match.get(A).name()).isEqualTo("a");
              assertThat(match.get(B).name()).isEqualTo("b");
            });
    assertThat(reason(match(graph, Patterns.op(StandardOps.SUB).inputs(split, split.output(1)))))
        .contains("is not its output 0");
    assertThat(
            reason(match(graph, Patterns.op(StandardOps.SUB).inputs(split.outputs(3).output(1)))))
        .contains("has fewer than 3 outputs");
  }

  @Test
  void oneCaptureMeansOneNode() {
    Graph same = graph("{ t = Relu(x)  y = Add(t, t) }");
    Graph two = graph("{ t = Relu(x)  u = Relu(x)  y = Add(t, u) }");
    OpPattern relu = Patterns.op(StandardOps.RELU).capture(INNER);
    OpPattern pattern = Patterns.op(StandardOps.ADD).inputs(relu, relu);

    assertThat(reason(match(same, pattern))).isEqualTo("matches");
    assertThat(reason(match(two, pattern)))
        .isEqualTo("Relu node that makes 'u': is another node than the first 'inner'");
  }

  @Test
  void attributesHaveTheirDefaults() {
    Graph graph = graph("{ y = Softmax(x) }");
    OpPattern softmax = Patterns.op(StandardOps.SOFTMAX);

    assertThat(reason(match(graph, softmax.attribute("axis", new AttributeValue.OfInt(-1)))))
        .isEqualTo("matches");
    assertThat(reason(match(graph, softmax.attribute("axis", new AttributeValue.OfInt(1)))))
        .isEqualTo("Softmax node that makes 'y': its attribute 'axis' is -1, not 1");
  }

  @Test
  void literalsAreComparedInTheTypeOfTheConstant() {
    Graph graph =
        graph(
            """
            <float16 h = {0.1}, int64[2] n = {1, 1}> {
              v = Cast <to = 10> (x)
              w = Mul(v, h)
              k = Expand(w, n)
              y = Cast <to = 1> (k)
            }
            """);
    OpPattern expand =
        Patterns.op(StandardOps.CAST)
            .input(
                0,
                Patterns.op(StandardOps.EXPAND)
                    .inputs(
                        Patterns.op(StandardOps.MUL).input(1, Patterns.constant(0.1)),
                        Patterns.constant(1)));

    assertThat(reason(match(graph, expand))).isEqualTo("matches");
    assertThat(
            reason(
                match(
                    graph,
                    Patterns.op(StandardOps.CAST)
                        .input(
                            0, Patterns.op(StandardOps.EXPAND).input(1, Patterns.constant(1.5))))))
        .isEqualTo("Expand node that makes 'k': 'n' is not 1.5 everywhere");
  }

  @Test
  void theNumberOfWaysIsBounded() {
    StringBuilder body = new StringBuilder("{ t0 = Relu(x) ");
    OpPattern pattern = Patterns.op(StandardOps.NEG);
    int depth = 40;
    for (int i = 1; i <= depth; i++) {
      body.append("t%d = Add(t%d, t%d) ".formatted(i, i - 1, i - 1));
      pattern = Patterns.op(StandardOps.ADD).commutative().inputs(pattern, Patterns.any());
    }
    Graph graph = graph(body + "y = Relu(t" + depth + ") }");

    assertThat(reason(match(graph, Patterns.op(StandardOps.RELU).input(0, pattern))))
        .contains("is not Neg");
  }
}
