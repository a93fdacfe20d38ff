package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Node;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.Conditions;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.GraphEdit;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Folds elements added around the spatial axes into the maximum over windows that reads them, where
 * they lose against everything: minus infinity, or the least integer. Pads of a MaxPool do not
 * count, which is the same as long as every window has an element; so no pad may be as large as the
 * windows. Any other filler, the zero of most Pads among them, can be the maximum and is refused.
 */
public final class FoldPadIntoMaxPool {
  private static final Capture<Node> POOL = Capture.ofNode("pool");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-pad-into-max-pool")
          .doc("MaxPool of Pad(x, p) with the least value = MaxPool of x with pads")
          .match(Patterns.op(StandardOps.MAX_POOL).capture(POOL).input(0, WindowPads.pad()))
          .where(WindowPads.fillsConstant())
          .where(
              Condition.soundness("filler is the least value", FoldPadIntoMaxPool::fillsLeast)
                  .withHooks(
                      (graph, match, _) -> {
                        Optional<Tensor> filler = match.findConstant(WindowPads.FILLER);
                        filler.ifPresent(
                            t ->
                                graph.setConstant(
                                    match.get(WindowPads.FILLER), least(t.elementType())));
                        return filler.isPresent();
                      },
                      (graph, match, random) -> {
                        Optional<Tensor> filler = match.findConstant(WindowPads.FILLER);
                        filler.ifPresent(
                            t ->
                                graph.setConstant(
                                    match.get(WindowPads.FILLER),
                                    Tensor.scalar(t.elementType(), random.nextInt(100))));
                        return filler.isPresent();
                      }))
          .where(WindowPads.padsSpace())
          .where(WindowPads.explicitPads())
          .where(Conditions.attribute(POOL, WindowGeometry.CEIL_MODE, 0L))
          .where(
              Condition.soundness("every window has an element", FoldPadIntoMaxPool::isFilled)
                  .guarding(Condition.Kind.PORTABILITY)
                  .withHooks(
                      FoldPadIntoMaxPool::padLess,
                      (graph, match, _) -> {
                        int spatial = spatial(match);
                        long[] pads = new long[2 * (spatial + 2)];
                        pads[2] = match.root().get(WindowGeometry.KERNEL_SHAPE).getFirst() + 4;
                        graph.setConstant(match.get(WindowPads.PADS), Tensor.vector(pads));
                        return true;
                      }))
          .where(
              Condition.soundness(
                  "only the values are asked for", match -> match.root().outputs().size() == 1))
          .replaceWith(FoldPadIntoMaxPool::replace)
          .within(ErrorContract.bitExact());

  private FoldPadIntoMaxPool() {}

  /** Draws pads that leave an element to every window together with the window's own. */
  private static boolean padLess(GraphEdit graph, Match match, SplittableRandom random) {
    int spatial = spatial(match);
    List<Long> kernel = match.root().get(WindowGeometry.KERNEL_SHAPE);
    List<Long> own = WindowPads.own(match, spatial);
    graph.removeAttribute(match.root(), WindowGeometry.DILATIONS);
    long[] pads = new long[2 * (spatial + 2)];
    for (int i = 0; i < own.size(); i++) {
      int side = i < spatial ? 2 : 4;
      pads[i + side] = random.nextLong(Math.max(1, kernel.get(i % spatial) - own.get(i)));
    }
    graph.setConstant(match.get(WindowPads.PADS), Tensor.vector(pads));
    return match.constant(WindowPads.PADS).elementCount() == pads.length;
  }

  private static int spatial(Match match) {
    return match.root().get(WindowGeometry.KERNEL_SHAPE).size();
  }

  private static Tensor least(ElementType type) {
    return Tensor.scalar(type, WindowPads.least(type));
  }

  private static boolean fillsLeast(Match match) {
    Optional<Tensor> filler = match.findConstant(WindowPads.FILLER);
    ElementType type = match.type(match.get(WindowPads.X)).elementType();
    double value = filler.map(tensor -> tensor.doubleAt(0)).orElse(0.0);
    return value == WindowPads.least(type);
  }

  private static boolean isFilled(Match match) {
    List<Long> kernel = match.root().get(WindowGeometry.KERNEL_SHAPE);
    List<Long> dilations = match.root().attributes().find(WindowGeometry.DILATIONS);
    boolean dense = dilations == null || dilations.stream().allMatch(d -> d == 1);
    List<Long> pads = WindowPads.together(match);
    for (int i = 0; i < pads.size(); i++) {
      if (pads.get(i) >= kernel.get(i % kernel.size())) {
        return false;
      }
    }
    return dense;
  }

  private static void replace(Match match, ReplacementBuilder build) {
    build.define(
        match.root().output(),
        StandardOps.MAX_POOL,
        match
            .root()
            .attributes()
            .without(WindowGeometry.AUTO_PAD.name())
            .with(WindowGeometry.PADS, WindowPads.together(match)),
        match.get(WindowPads.X));
  }
}
