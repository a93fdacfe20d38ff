package dev.fixpoint.transform;

import dev.fixpoint.pass.Pipeline;
import dev.fixpoint.pass.RewritePass;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.transform.fold.FoldConstants;
import dev.fixpoint.transform.fold.RemoveDeadNodes;
import java.util.List;
import java.util.Set;

/** The pipelines of this project. */
public final class StandardPipelines {
  private StandardPipelines() {}

  /** Float in, float out: constants, clean-up, folding and fusion. */
  public static Pipeline floatOptimizations() {
    return floatOptimizations(new RuleSet(List.of()));
  }

  /** As {@link #floatOptimizations()}, with more rules that apply before fusion. */
  public static Pipeline floatOptimizations(RuleSet more) {
    RuleSet folding = StandardRules.CLEAN_UP.plus(StandardRules.FOLD).plus(more);
    return Pipeline.builder()
        .then(new FoldConstants())
        .then(new RewritePass("simplify", StandardRules.CLEAN_UP))
        .then(new FoldConstants())
        .then(new RewritePass("fold", folding, Set.of(), Set.of(GraphProperties.FOLDED)))
        .then(
            new RewritePass(
                "fuse",
                StandardRules.FUSE,
                Set.of(GraphProperties.FOLDED),
                Set.of(GraphProperties.FUSED)))
        .then(new RemoveDeadNodes())
        .build();
  }
}
