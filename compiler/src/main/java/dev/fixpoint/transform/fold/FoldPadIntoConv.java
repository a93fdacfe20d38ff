package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;

/**
 * Folds zeros added around the spatial axes into the convolution that reads them: its own pads,
 * which are zeros too, grow by those of the Pad.
 *
 * <pre>
 *   t = Pad(x, p)               y = Conv(x, W, b) with pads p + q
 *   y = Conv(t, W, b), pads q   →
 * </pre>
 */
public final class FoldPadIntoConv {
  private static final Capture<Value> W = Capture.ofValue("w");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-pad-into-conv")
          .doc("Conv with pads q of Pad(x, p) with zeros = Conv with pads p + q of x")
          .match(Patterns.op(StandardOps.CONV).inputs(WindowPads.pad(), Patterns.any(W)))
          .where(WindowPads.fillsConstant())
          .where(WindowPads.fillsZero())
          .where(WindowPads.padsSpace())
          .where(WindowPads.explicitPads())
          .replaceWith(FoldPadIntoConv::replace)
          .within(ErrorContract.bitExact());

  private FoldPadIntoConv() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Node conv = match.root();
    build.define(
        conv.output(),
        StandardOps.CONV,
        conv.attributes()
            .without(WindowGeometry.AUTO_PAD.name())
            .with(WindowGeometry.PADS, WindowPads.together(match)),
        match.get(WindowPads.X),
        match.get(W),
        conv.inputOrNull(2));
  }
}
