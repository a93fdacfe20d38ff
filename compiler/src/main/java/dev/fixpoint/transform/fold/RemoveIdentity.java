package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpId;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.RewriteRule;

/** Lets readers of an Identity, or of a Dropout at inference, read its input. */
public final class RemoveIdentity {
  private static final Capture<Value> X = Capture.ofValue("x");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("remove-identity")
          .doc("Identity(x) = x")
          .match(Patterns.op(OpId.of("Identity")).input(0, X))
          .where(Conditions.rootNotOutput())
          .replaceWith((match, build) -> build.substitute(match.root().output(), match.get(X)))
          .within(ErrorContract.bitExact());

  private RemoveIdentity() {}
}
