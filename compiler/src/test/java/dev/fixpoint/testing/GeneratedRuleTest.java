package dev.fixpoint.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.TypeConditions;
import org.junit.jupiter.api.Test;

class GeneratedRuleTest {
  private static final Capture<Value> X = Capture.ofValue("x");
  private static final Capture<Value> C = Capture.ofValue("c");

  /** {@code Relu(Relu(x)) = Relu(x)}. */
  private static RewriteRule dropRelu(Condition... conditions) {
    var matched =
        RewriteRule.named("drop-relu-of-relu")
            .match(
                Patterns.op(StandardOps.RELU)
                    .input(0, Patterns.op(StandardOps.RELU).singleUse().input(0, X)));
    for (Condition condition : conditions) {
      matched = matched.where(condition);
    }
    return matched
        .replaceWith(
            (match, build) ->
                build.define(
                    match.root().output(), StandardOps.RELU, Attributes.NONE, match.get(X)))
        .within(ErrorContract.bitExact());
  }

  private static RewriteRule dropAddOf(Condition... conditions) {
    var matched =
        RewriteRule.named("drop-add")
            .match(
                Patterns.op(StandardOps.ADD)
                    .inputs(Patterns.any(X), Patterns.constant(C))
                    .commutative());
    for (Condition condition : conditions) {
      matched = matched.where(condition);
    }
    return matched
        .replaceWith(
            (match, build) ->
                build.define(
                    match.root().output(), StandardOps.IDENTITY, Attributes.NONE, match.get(X)))
        .within(ErrorContract.bitExact());
  }

  @Test
  void aSoundRuleFiresOnEveryGraphThatIsMadeForIt() {
    RuleReport report = RuleTester.of(dropRelu()).check(40);
    assertThat(report.graphs()).isEqualTo(40);
    assertThat(report.guards())
        .singleElement()
        .satisfies(
            guard -> {
              assertThat(guard.condition()).startsWith("single_use");
              assertThat(guard.nearMisses()).isPositive();
              assertThat(guard.isNeeded()).isFalse();
            });
  }

  @Test
  void aRuleWithoutItsConditionIsCaughtWithTheSmallestGraph() {
    assertThatThrownBy(() -> RuleTester.of(dropAddOf()).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("drop-add")
        .hasMessageContaining("Add (")
        .hasMessageContaining("finds it at once");
  }

  @Test
  void theSeedOfAFailureFindsItAtOnce() {
    RewriteRule rule = dropAddOf(Conditions.constantValue(C, 1));
    String message = RuleTester.of(rule).report(200).failures().getFirst();
    long seed = Long.parseLong(message.replaceAll("(?s).*seed (\\d+) finds.*", "$1"));
    assertThatThrownBy(() -> RuleTester.of(rule).withSeed(seed).checkOne())
        .hasMessageContaining(message);
  }

  @Test
  void theSameSeedGivesTheSameReport() {
    RewriteRule rule = dropAddOf(Conditions.constantValue(C, 0));
    assertThat(RuleTester.of(rule).report(20)).isEqualTo(RuleTester.of(rule).report(20));
  }

  @Test
  void conditionsThatNothingNeedsAreRemarkedUpon() {
    RewriteRule rule =
        dropRelu(Condition.soundness("x is there", _ -> true), TypeConditions.rankAtMost(X, 3));
    RuleReport report = RuleTester.of(rule).report(100);
    assertThat(report.remarks())
        .anyMatch(remark -> remark.contains("'x is there' is not exercised"))
        .anyMatch(remark -> remark.contains("'rank_at_most(x, 3)' is redundant"));
    assertThatThrownBy(report::requireFlawless).isInstanceOf(AssertionError.class);
  }

  @Test
  void aRuleThatNeverFiresSaysWhatStoodInTheWay() {
    RewriteRule rule = dropAddOf(Condition.soundness("the moon is full", _ -> false));
    assertThat(RuleTester.of(rule).report(20).failures())
        .singleElement()
        .asString()
        .contains("the moon is full");
  }
}
