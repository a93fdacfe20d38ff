package dev.fixpoint.rulelang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.MatchResult;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.TensorType;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules that nobody would write: refused by line and column, in little time and memory. */
@Timeout(20)
class BadRulesTest {
  private static String rule(String match, String rest) {
    return "rule a {\n  match " + match + "\n  " + rest + "\n  within bit_exact\n}\n";
  }

  private static void assertRefused(String text, String problem) {
    assertThatThrownBy(() -> RuleLoader.STANDARD.load("bad.rules", text))
        .isInstanceOf(SyntaxException.class)
        .hasMessageStartingWith("bad.rules:")
        .hasMessageContaining(problem);
  }

  @Test
  void deepNestingIsRefused() {
    String nested = "(".repeat(5000) + "1" + ")".repeat(5000);
    assertRefused(rule("y = Relu(x)", "where " + nested + " == 1 replace y with x"), "nesting");
  }

  @Test
  void longChainsOfOperatorsAreEvaluatedWithoutRecursion() {
    String sum = "1" + " + 1".repeat(20_000);
    RewriteRule rule =
        RuleLoader.STANDARD
            .load("long.rules", rule("y = Relu(x)", "where " + sum + " == 20001 replace y with x"))
            .rules()
            .getFirst();
    Graph graph = chain(1);

    assertThat(rule.matchAt(graph, graph.nodes().getFirst()))
        .isNotInstanceOf(MatchResult.Mismatch.class);
  }

  @Test
  void longChainsOfConditionsAreLoaded() {
    String all = "rank(x) == 1" + " and rank(x) == 1".repeat(2000);
    assertThat(
            RuleLoader.STANDARD
                .load("long.rules", rule("y = Relu(x)", "where " + all + " replace y with x"))
                .rules()
                .getFirst()
                .conditions())
        .hasSize(2001);
  }

  @Test
  void namesThatUnfoldExponentiallyAreRefused() {
    StringBuilder match = new StringBuilder("y = Add(a0, a0)");
    for (int i = 0; i < 200; i++) {
      match.append("\n a%d = Add(a%d, a%d)".formatted(i, i + 1, i + 1));
    }
    assertRefused(rule(match.toString(), "replace y with a0"), "more than 256 nodes");
  }

  @Test
  void commutativeOperandsDoNotMultiplyWithoutBound() {
    StringBuilder match = new StringBuilder("y = Add(a0, b0)");
    int depth = 60;
    for (int i = 0; i < depth; i++) {
      match.append("\n a%d = Add(a%d, b%d)".formatted(i, i + 1, i + 1));
    }
    match.append("\n a%d = Neg(z)".formatted(depth));
    String reads = "Sum(z" + ", b0".repeat(1);
    for (int i = 1; i <= depth; i++) {
      reads += ", b" + i;
    }
    RewriteRule rule =
        RuleLoader.STANDARD
            .load("many.rules", rule(match.toString(), "replace y with " + reads + ")"))
            .rules()
            .getFirst();
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT, 2));
    Value value = builder.call("r", StandardOps.RELU, Attributes.NONE, x);
    for (int i = 0; i <= depth; i++) {
      value = builder.call("t" + i, StandardOps.ADD, Attributes.NONE, value, value);
    }
    Graph graph = builder.output(value).build();

    assertThat(rule.matchAt(graph, graph.nodes().getLast()))
        .isInstanceOf(MatchResult.Mismatch.class);
  }

  @Test
  void hugeNumbersAreRefused() {
    String digits = "9".repeat(1000);
    assertRefused(
        rule("y = Mul(x, " + digits + ")", "replace y with x"), "expected an integer within int64");
    assertRefused(
        rule("y = Relu(x)", "where rank(x, " + digits + ") replace y with x"), "within int64");
    assertRefused(rule("y = Relu(x)", "where rank(x, 99999999999) replace y with x"), "rank: ");
    assertRefused(
        "rule a { opset >= %s match y = Relu(x) replace y with x within bit_exact }"
            .formatted(digits),
        "opset");
  }

  @Test
  void longUnknownNamesAreCut() {
    String name = "n".repeat(50_000);
    assertThatThrownBy(
            () ->
                RuleLoader.STANDARD.load(
                    "bad.rules", rule("y = " + name + "(x)", "replace y with x")))
        .isInstanceOf(SyntaxException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @Test
  void missingFilesAndResourcesAreNamed() {
    assertThatThrownBy(() -> RuleLoader.STANDARD.load(Path.of("no/such.rules")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("such.rules");
    assertThatThrownBy(() -> RuleLoader.fromResource(BadRulesTest.class, "none.rules"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no resource 'none.rules' stands beside");
  }

  /** Whatever is cut out of or doubled in a good file, it is rules or a refusal with a place. */
  @Test
  void damagedFilesAreRulesOrRefused() {
    String good =
        RulePrinter.print(
            RuleLoader.STANDARD.load(
                Path.of("src/test/resources/dev/fixpoint/rulelang/valid/expressions.rules")));
    Random random = new Random(1);
    String[] words = good.split("(?<=\\W)|(?=\\W)");
    int refused = 0;
    for (int i = 0; i < 800; i++) {
      String[] damaged = words.clone();
      int at = random.nextInt(words.length);
      damaged[at] = random.nextBoolean() ? "" : damaged[random.nextInt(words.length)];
      try {
        RuleLoader.STANDARD.load("damaged.rules", String.join("", damaged));
      } catch (SyntaxException e) {
        assertThat(e.getMessage()).startsWith("damaged.rules:");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(300);
  }

  private static Graph chain(int length) {
    GraphBuilder builder = new GraphBuilder("g");
    Value value = builder.input("x", TensorType.of(ElementType.FLOAT, 2));
    for (int i = 0; i < length; i++) {
      value = builder.call("r" + i, StandardOps.RELU, Attributes.NONE, value);
    }
    return builder.output(value).build();
  }
}
