package dev.fixpoint.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;
import org.junit.jupiter.api.Test;

class RuleTesterTest {
  private static final String RELU = "g (float[N] x) => (float[N] y) { y = Relu(x) }";
  private static final String NEG = "g (float[N] x) => (float[N] y) { y = Neg(x) }";

  /** A rule that writes one operator for Relu, and claims some contract. */
  private static RewriteRule reluTo(OpDefinition op, ErrorContract contract) {
    Capture<Value> x = Capture.ofValue("x");
    return RewriteRule.named("relu-to-" + op.id().name())
        .match(Patterns.op(StandardOps.RELU).input(0, x))
        .replaceWith(
            (match, build) ->
                build.define(match.root().output(), op, Attributes.NONE, match.get(x)))
        .within(contract);
  }

  @Test
  void aRuleThatBreaksItsContractFails() {
    RuleTester tester = RuleTester.of(reluTo(StandardOps.IDENTITY, ErrorContract.bitExact()));

    assertThatThrownBy(
            () -> tester.on(RELU).becomes("g (float[N] x) => (float[N] y) { y = Identity(x) }"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("output 'y' leaves the bound");
  }

  @Test
  void aGraphThatBecomesAnotherFails() {
    RuleTester tester = RuleTester.of(reluTo(StandardOps.IDENTITY, ErrorContract.lsb(9)));

    assertThatThrownBy(() -> tester.on(RELU).becomes(NEG))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("v1 = Neg (x0)", "but is", "v1 = Identity (x0)");
    assertThat(
            tester.on(RELU).becomes("g (float[N] a) => (float[N] b) { b = Identity(a) }").ratio())
        .isPositive()
        .isLessThanOrEqualTo(4.0 / 9);
  }

  @Test
  void aRuleThatFiresAgainFails() {
    RewriteRule rule =
        RewriteRule.named("swap")
            .match(Patterns.op(StandardOps.NEG))
            .replaceWith(
                (match, build) ->
                    build.define(
                        match.root().output(),
                        StandardOps.NEG,
                        Attributes.NONE,
                        match.root().input(0)))
            .within(ErrorContract.bitExact());

    assertThatThrownBy(() -> RuleTester.of(rule).on(NEG).becomes(NEG))
        .isInstanceOfAny(AssertionError.class, RuntimeException.class);
  }

  @Test
  void aRuleThatDoesNotFireFails() {
    RuleTester tester = RuleTester.of(reluTo(StandardOps.IDENTITY, ErrorContract.lsb(9)));

    assertThatThrownBy(() -> tester.on(NEG).becomes(NEG))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the rule does not fire");
  }

  @Test
  void aRefusalNeedsItsReason() {
    RuleTester tester = RuleTester.of(reluTo(StandardOps.IDENTITY, ErrorContract.lsb(9)));

    tester.on(NEG).isRefused("is not Relu");
    assertThatThrownBy(() -> tester.on(NEG).isRefused("because"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not say 'because'");
    assertThatThrownBy(() -> tester.on(RELU).isRefused("is not Relu"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("fires, but should not");
  }

  @Test
  void sizesThatNeverFitAreRefused() {
    RuleTester tester = RuleTester.of(reluTo(StandardOps.IDENTITY, ErrorContract.lsb(9)));

    assertThatThrownBy(
            () ->
                tester
                    .on("g (float[2] x, float[3] z) => (y) { t = Relu(x)  y = Add(t, z) }")
                    .becomes(RELU))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("Add");
  }

  @Test
  void constantsWithValuesAreCompared() {
    RuleTester tester = RuleTester.of(reluTo(StandardOps.IDENTITY, ErrorContract.lsb(9)));
    String text = "g (float[N] x) => (y) <float[1] c%s> { t = Add(x, c)  y = %s(t) }";

    tester.on(text.formatted(" = {2}", "Relu")).becomes(text.formatted(" = {2}", "Identity"));
    assertThatThrownBy(
            () ->
                tester
                    .on(text.formatted(" = {2}", "Relu"))
                    .becomes(text.formatted(" = {3}", "Identity")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("constant 'c' should be float[1] {3.0}");
  }
}
