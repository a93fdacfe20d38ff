package dev.fixpoint.testing.jqwik;

import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.testing.RuleTester;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;

/**
 * The tests of a rule that write themselves, for jqwik: a subclass names the rule, and is done.
 *
 * <pre>{@code
 * class SwishTest extends RuleProperties {
 *   @Override
 *   public RewriteRule rule() {
 *     return Swish.RULE;
 *   }
 * }
 * }</pre>
 *
 * <p>A failure shows the smallest graph in ONNX text; jqwik shows the seed, which stays the same
 * until the property holds.
 */
public abstract class RuleProperties {
  private static final int GRAPHS = 40;

  /** The rule. */
  public abstract RewriteRule rule();

  /** The rule keeps its promises on a graph that is made for it. */
  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  public void keepsItsPromisesOnAnyGraphMadeForIt(
      @ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
    RuleTester.of(rule()).withSeed(seed).checkOne();
  }

  /** Each condition can be violated, and something goes wrong without it. */
  @Example
  public void needsEveryCondition() {
    RuleTester.of(rule()).report(GRAPHS).requireFlawless();
  }
}
