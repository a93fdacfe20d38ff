package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.standard.AveragePool;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import java.util.Collections;

/**
 * Folds zeros added around the spatial axes into the mean over windows that reads them, which then
 * counts the pads: {@code count_include_pad = 1}.
 *
 * <p>The zeros of the Pad counted as elements before, so the pads of the windows themselves must
 * have counted too, or there must be none. With {@code ceil_mode} a window that starts beyond the
 * input is dropped, and what the input is differs; that is refused.
 */
public final class FoldPadIntoAveragePool {
  private static final Capture<Node> POOL = Capture.ofNode("pool");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-pad-into-average-pool")
          .doc("AveragePool of Pad(x, p) with zeros = AveragePool of x with pads that count")
          .match(Patterns.op(StandardOps.AVERAGE_POOL).capture(POOL).input(0, WindowPads.pad()))
          .where(WindowPads.fillsConstant())
          .where(WindowPads.fillsZero())
          .where(WindowPads.padsSpace())
          .where(WindowPads.explicitPads())
          .where(Conditions.attribute(POOL, WindowGeometry.CEIL_MODE, 0L))
          .where(
              Condition.soundness(
                      "pads of the windows count, or there are none", match -> counts(match))
                  .withHooks(
                      (graph, match, _) -> {
                        graph.setAttribute(match.root(), AveragePool.COUNT_INCLUDE_PAD, 1L);
                        return true;
                      },
                      (graph, match, _) -> {
                        int spatial = match.root().get(WindowGeometry.KERNEL_SHAPE).size();
                        graph.setAttribute(match.root(), AveragePool.COUNT_INCLUDE_PAD, 0L);
                        graph.removeAttribute(match.root(), WindowGeometry.AUTO_PAD);
                        graph.setAttribute(
                            match.root(),
                            WindowGeometry.PADS,
                            Collections.nCopies(2 * spatial, 1L));
                        return true;
                      }))
          .replaceWith(FoldPadIntoAveragePool::replace)
          .within(ErrorContract.bitExact());

  private FoldPadIntoAveragePool() {}

  private static boolean counts(Match match) {
    int spatial = match.root().get(WindowGeometry.KERNEL_SHAPE).size();
    return match.root().get(AveragePool.COUNT_INCLUDE_PAD) != 0
        || WindowPads.own(match, spatial).stream().allMatch(pad -> pad == 0);
  }

  private static void replace(Match match, ReplacementBuilder build) {
    build.define(
        match.root().output(),
        StandardOps.AVERAGE_POOL,
        match
            .root()
            .attributes()
            .without(WindowGeometry.AUTO_PAD.name())
            .with(WindowGeometry.PADS, WindowPads.together(match))
            .with(AveragePool.COUNT_INCLUDE_PAD, 1L),
        match.get(WindowPads.X));
  }
}
