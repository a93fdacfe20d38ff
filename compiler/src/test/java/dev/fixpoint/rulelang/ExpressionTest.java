package dev.fixpoint.rulelang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.analysis.ReferenceInterpreter;
import dev.fixpoint.bound.ErrorBound;
import dev.fixpoint.bound.Range;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.PassManager;
import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.pass.RewritePass;
import dev.fixpoint.rewrite.MatchResult;
import dev.fixpoint.rewrite.RewriteRecord;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
  private record Applied(Graph graph, RewriteRecord record) {
    Tensor constant() {
      Node node = graph.nodes().getFirst();
      return Objects.requireNonNull(graph.constant(node.input(1)));
    }
  }

  /** A graph y = Add(x, c), with x of the type of c. */
  private static Graph graph(Tensor c) {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", new TensorType(c.elementType(), Shape.of(2)));
    Value constant = builder.constant("c", c);
    return builder.output(builder.call("y", StandardOps.ADD, Attributes.NONE, x, constant)).build();
  }

  private static RuleSet rule(String where, String let) {
    return RuleLoader.STANDARD.load(
        "e.rules",
        "rule e { match y = Add(x, c) where constant(c)%s let k = %s replace y with Sub(x, k) within real_identity }"
            .formatted(where.isEmpty() ? "" : ", " + where, let));
  }

  private static Applied apply(String let, Tensor c) {
    PassContext context = new PassContext(new ReferenceInterpreter(), Map.of("x", Range.of(-1, 1)));
    Pipeline pipeline = Pipeline.builder().then(new RewritePass("e", rule("", let))).build();
    Graph after = new PassManager(pipeline, List.of()).run(graph(c), context);
    return new Applied(after, context.records().getFirst());
  }

  private static MatchResult result(String where, String let, Tensor c) {
    Graph graph = graph(c);
    return rule(where, let).rules().getFirst().explainAt(graph, graph.nodes().getFirst());
  }

  private static String reason(String where, String let, Tensor c) {
    return result(where, let, c) instanceof MatchResult.Mismatch mismatch
        ? mismatch.reason()
        : "fires";
  }

  @Property(tries = 200)
  void constantIsComputedInDoubleAndRoundedOnce(
      @ForAll @FloatRange(min = 0.25f, max = 1000f) @Scale(6) float a,
      @ForAll @FloatRange(min = 0.25f, max = 1000f) @Scale(6) float b) {
    Applied applied = apply("c / 3 * c - Sqrt(c)", Tensor.ofFloats(Shape.of(2), a, b));

    for (int i = 0; i < 2; i++) {
      double c = i == 0 ? a : b;
      double meant = c / 3 * c - Math.sqrt(c);
      assertThat(applied.constant().doubleAt(i)).isEqualTo((float) meant);
    }
  }

  @Property(tries = 200)
  void distanceFromTheRealNumberIsWithinTheAttachedError(
      @ForAll @FloatRange(min = 0.25f, max = 1000f) @Scale(6) float a,
      @ForAll @FloatRange(min = 0.25f, max = 1000f) @Scale(6) float b) {
    Applied applied =
        apply("(c / 3 - 7) * c + c / (c * c + 0.1)", Tensor.ofFloats(Shape.of(2), a, b));

    Node node = applied.graph.nodes().getFirst();
    ErrorBound error = applied.record.replacement().constantErrors().get(node.input(1));
    assertThat(error).isNotNull();
    MathContext digits = new MathContext(60);
    for (int i = 0; i < 2; i++) {
      BigDecimal c = new BigDecimal(i == 0 ? a : b);
      BigDecimal first =
          c.divide(BigDecimal.valueOf(3), digits).subtract(BigDecimal.valueOf(7)).multiply(c);
      BigDecimal real =
          first.add(c.divide(c.multiply(c).add(new BigDecimal("0.1")), digits), digits);
      BigDecimal stored = new BigDecimal(applied.constant().doubleAt(i));
      BigDecimal allowed = new BigDecimal(error.at(i, Shape.of(2)));
      assertThat(stored.subtract(real).abs()).isLessThanOrEqualTo(allowed);
      // Not vacuous: the rounding to float32 is most of it.
      assertThat(allowed.doubleValue())
          .isLessThanOrEqualTo(Math.ulp((float) applied.constant().doubleAt(i)));
    }
  }

  @Test
  void numbersTakeTheTypeOfTheNodesOtherInputs() {
    Applied half = apply("1.5", Tensor.ofDoubles(ElementType.FLOAT16, Shape.of(2), 1, 2));
    Applied integer = apply("c * 2 + 1", Tensor.ofLongs(ElementType.INT8, Shape.of(2), 1, 2));

    assertThat(half.constant()).isEqualTo(Tensor.scalar(ElementType.FLOAT16, 1.5));
    assertThat(integer.constant()).isEqualTo(Tensor.ofLongs(ElementType.INT8, Shape.of(2), 3, 5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          c == [0.1, 2]                | not so: c == [0.1, 2] (0.10000000149011612 against 0.1 at element 0)
          c > 0.1                      | fires
          c <= 0.1                     | not so: c <= 0.1 (0.10000000149011612 against 0.1 at element 0)
          c == [0.1]                   | not so: c == [0.1] (the shapes [2] and [1] differ)
          c != [0.1]                   | fires
          c < 2 or c == 2              | not so: c < 2 or c == 2 (2.0 against 2 at element 1; 0.10000000149011612 against 2 at element 0)
          not c == 2                   | fires
          not (c > 0)                  | not so: not (c > 0) (it holds, and should not)
          ReduceMax(c) == 2            | fires
          Slice(c, [1], [2]) == [2]    | fires
          7 / 2 == 3                   | fires
          7.0 / 2 == 3.5               | fires
          -7 % 3 == 2                  | fires
          Gather(shape(c), 0) == 2     | fires
          size(c, 1) == 2              | not so: size(c, 1) == 2 ('c' of shape [2] has no dimension 1)
          c / 0 > 1                    | not so: c / 0 > 1 (a number is divided by zero)
          Reshape(c, [3]) > 0          | not so: Reshape(c, [3]) > 0 (Reshape: %
          Expand(c, [100000, 100000, 2]) > 0 | not so: Expand(c, [100000, 100000, 2]) > 0 (Expand would give more than 268435456 elements)
          """)
  void conditionsAreExact(String where, String expected) {
    String reason = reason(where, "c", Tensor.ofFloats(Shape.of(2), 0.1f, 2));

    if (expected.endsWith("%")) {
      assertThat(reason).startsWith(expected.substring(0, expected.length() - 1));
    } else {
      assertThat(reason).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          c * 3e38 * 10        | element 0 of a constant would be Infinity as float
          c - c / (c - c)      | a number is divided by zero
          Sqrt(-c)             | element 0 of a constant would be NaN as float
          Cast <to = 7> (c)    | fires
          """)
  void constantsThatAreNoNumbersKeepTheRuleFromFiring(String let, String expected) {
    assertThat(reason("", let, Tensor.ofFloats(Shape.of(2), 1, 2))).isEqualTo(expected);
  }

  @Test
  void integersAreExactAndDoNotWrapAround() {
    Tensor c = Tensor.ofLongs(ElementType.INT8, Shape.of(2), 100, 27);

    assertThat(reason("", "c + c", c)).isEqualTo("a constant does not fit: 200 does not fit int8");
    assertThat(reason("c + c == [200, 54]", "c", c)).isEqualTo("fires");
    assertThat(reason("", "c + 0.5", c))
        .isEqualTo("integers of type int8 meet floats; write a Cast");
  }

  @Test
  void statisticsDoNotDecideTheTypeOfFoldedWeights() {
    RuleSet rules =
        RuleLoader.STANDARD.load(
            "e.rules",
            """
            rule e {
              match y = BatchNormalization(conv, scale, bias, mean, variance)
                    conv = Conv(x, w)
              where constant(w, scale, bias, mean, variance)
              let k = scale / Sqrt(variance + y.epsilon)
              let w1 = w * along(k, w, 0), b1 = bias - mean * k
              replace y with Conv(x, w1, b1) { attributes of conv }
              within real_identity
            }
            """);
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT16, 1, 1, 2, 2));
    Value w = builder.constant("w", Tensor.filled(ElementType.FLOAT16, Shape.of(1, 1, 1, 1), 0.7));
    Value statistic = builder.constant("s", Tensor.ofFloats(Shape.of(1), 0.3f));
    Value conv = builder.call("conv", StandardOps.CONV, Attributes.NONE, x, w);
    Value norm =
        builder.call(
            "y",
            StandardOps.BATCH_NORMALIZATION,
            Attributes.NONE,
            conv,
            statistic,
            statistic,
            statistic,
            statistic);
    Graph graph = builder.output(norm).build();
    Pipeline pipeline = Pipeline.builder().then(new RewritePass("e", rules)).build();

    Graph after =
        new PassManager(pipeline, List.of())
            .run(graph, new PassContext(new ReferenceInterpreter(), Map.of()));

    assertThat(after.nodes()).hasSize(1);
    assertThat(after.initializers().values())
        .hasSize(2)
        .extracting(Tensor::elementType)
        .containsOnly(ElementType.FLOAT16);
  }
}
