package dev.fixpoint.examples;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;

/**
 * A rule of one's own: the larger of two numbers stays the larger after Relu, so Relu can wait
 * until MaxPool has left fewer of them.
 */
public final class CustomRule {
  private static final Capture<Node> POOL = Capture.ofNode("pool");
  private static final Capture<Value> X = Capture.ofValue("x");

  /** {@code MaxPool(Relu(x)) = Relu(MaxPool(x))}. */
  public static final RewriteRule RULE =
      RewriteRule.named("pool-before-relu")
          .match(
              Patterns.op(StandardOps.MAX_POOL)
                  .capture(POOL)
                  .input(0, Patterns.op(StandardOps.RELU).singleUse().input(0, X)))
          .replaceWith(
              (match, build) -> {
                Node pool = match.get(POOL);
                Value pooled =
                    build.call("pooled", StandardOps.MAX_POOL, pool.attributes(), match.get(X));
                build.define(pool.output(), StandardOps.RELU, Attributes.NONE, pooled);
              })
          .within(ErrorContract.bitExact());

  private CustomRule() {}
}
