package dev.fixpoint.rulelang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.standard.Conv;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.internal.Matcher;
import dev.fixpoint.testing.CaseFile;
import dev.fixpoint.testing.GraphTemplate;
import dev.fixpoint.transform.StandardRules;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RulePrinterTest {
  private static final String COMPLETE =
      """
      rule complete {
        doc "Says \\"all\\"."
        opset >= 13, "com.microsoft" < 2
        benefit 3
        match
          y, mask? = Dropout(t, ratio?, _?)
          t = Clip(u, , hi)
          u, _, last = Split <axis = 0> (v, sizes)
          v = Concat <axis = 1> (w, xs...)
          hi = Abs(last) | HardSigmoid <alpha = -0.5> (last) | z
          z = Mul(q, 0.5) | 1.0 | -2
        where constant(ratio, sizes), not y.seed > 1e-3 and rank(q) == 4 - 1
        let k = -ratio / 2 * Sqrt(ratio), (a, b) = Split <axis = 0> (sizes + [1, 2])
        where k >= float {0.5} or type(u) == float
        replace y, mask with {
          t2, _ = Split <axis = (v.axis + 1)> (w, a)
          y = Max(t2, 0.5, xs...)
          mask = Where <> (t2, k, b)
        }
        within formula(2 * k + magnitude(u))
      }
      """
          .replace(" <> ", "");

  static List<RewriteRule> rules() {
    return StandardRules.all().rules();
  }

  @Test
  void ruleOfTextIsPrintedCompletely() {
    RewriteRule rule = RuleLoader.STANDARD.load("complete.rules", COMPLETE).rules().getFirst();

    assertThat(RulePrinter.print(rule)).isEqualTo(COMPLETE);
  }

  @Test
  void clausesAreNormalizedAndCommentsDropped() {
    String text =
        """
        rule a-b { doc "d" # comment
          match y=Mul( x , s ) s = Sigmoid(x)
          where single_use( s ) ,
             type(x)==float
          replace y with Swish( x )<alpha=1.0> within real_identity }
        """;

    RewriteRule rule = RuleLoader.STANDARD.load("a.rules", text).rules().getFirst();

    assertThat(RulePrinter.print(rule))
        .isEqualTo(
            """
            rule a-b {
              doc "d"
              match
                y = Mul(x, s)
                s = Sigmoid(x)
              where single_use(s), type(x) == float
              replace y with Swish(x) <alpha = 1.0>
              within real_identity
            }
            """);
  }

  @Test
  void changedBenefitIsPrinted() {
    RewriteRule rule = RuleLoader.STANDARD.load("complete.rules", COMPLETE).rules().getFirst();

    assertThat(RulePrinter.print(rule.withBenefit(7)))
        .isEqualTo(COMPLETE.replace("benefit 3", "benefit 7"));
  }

  @Test
  void patternOfAJavaRuleIsPrintedWithWhatOnlyJavaKnowsAsComments() {
    Capture<Node> conv = Capture.ofNode("conv");
    RewriteRule rule =
        RewriteRule.named("java-rule")
            .doc("d")
            .match(
                Patterns.op(StandardOps.RELU, StandardOps.SIGMOID)
                    .input(
                        0,
                        Patterns.op(StandardOps.CONV)
                            .capture(conv)
                            .singleUse()
                            .attribute(Conv.SCHEMA.attribute("group").orElseThrow().name(), one())
                            .inputs(
                                Patterns.any(),
                                Patterns.constant(Capture.ofValue("where")),
                                Patterns.optionalConstant(Capture.ofValue("b-1")))))
            .where(Condition.soundness("of words", _ -> true))
            .replaceWith((_, _) -> {})
            .within(ErrorContract.bitExact());

    assertThat(RulePrinter.print(rule))
        .isEqualTo(
            """
            rule java-rule {
              doc "d"
              match
                relu = Relu(conv) | Sigmoid(conv)
                conv = Conv <group = 1> (_, where2, b_1?)
              where constant(where2, b_1), single_use(conv)
              # where of words
              # replaced by code
              # within bit_exact
            }
            """);
  }

  private static dev.fixpoint.op.AttributeValue one() {
    return new dev.fixpoint.op.AttributeValue.OfInt(1);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void printedPatternIsLoadedAsItWas(RewriteRule rule) {
    String printed = RulePrinter.print(rule.pattern());

    LoadedPattern loaded = LoadedPattern.of(printed);

    assertThat(loaded.pattern().ops()).isEqualTo(rule.pattern().ops());
    assertThat(match(RulePrinter.print(loaded.pattern()))).isEqualTo(match(printed));
  }

  private static String match(String clauses) {
    return clauses.lines().filter(line -> !line.startsWith("where")).collect(Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void loadedPatternFitsTheSameNodes(RewriteRule rule) throws IOException {
    LoadedPattern loaded = LoadedPattern.of(RulePrinter.print(rule.pattern()));
    int fitting = 0;
    for (Graph graph : graphs(rule)) {
      for (Node node : graph.nodes()) {
        Set<Set<Node>> expected =
            Matcher.ways(graph, rule.pattern(), node).stream()
                .map(match -> Set.copyOf(match.nodes()))
                .collect(Collectors.toSet());
        Set<Set<Node>> actual =
            Matcher.ways(graph, loaded.pattern(), node).stream()
                .filter(match -> holds(loaded, match))
                .map(match -> Set.copyOf(match.nodes()))
                .collect(Collectors.toSet());
        assertThat(actual).as("%s at %s", rule, node).isEqualTo(expected);
        fitting += expected.size();
      }
    }
    assertThat(fitting).isPositive();
  }

  private static boolean holds(LoadedPattern loaded, Match match) {
    return loaded.conditions().stream().allMatch(c -> c.failure(match).isEmpty());
  }

  private static List<Graph> graphs(RewriteRule rule) throws IOException {
    String name =
        Arrays.stream(rule.name().split("-"))
            .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
            .collect(Collectors.joining("", "/dev/fixpoint/rules/", ".case"));
    List<Graph> graphs = new ArrayList<>();
    try (InputStream stream = RulePrinterTest.class.getResourceAsStream(name)) {
      assertThat(stream).as("case file %s of rule %s", name, rule).isNotNull();
      SplittableRandom random = new SplittableRandom(1);
      for (CaseFile.Case one : CaseFile.read(name, stream).cases()) {
        GraphTemplate template = GraphTemplate.parse(name, one.before());
        for (int i = 0; i < 50; i++) {
          template.draw(random, false).ifPresent(draw -> graphs.add(draw.graph()));
        }
      }
    }
    return graphs;
  }
}
