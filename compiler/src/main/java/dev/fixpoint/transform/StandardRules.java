package dev.fixpoint.transform;

import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.transform.fold.FoldBatchNormIntoConv;
import dev.fixpoint.transform.fold.FoldBatchNormIntoGemm;
import dev.fixpoint.transform.fold.RemoveIdentity;
import dev.fixpoint.transform.fold.SimplifyReshape;
import dev.fixpoint.transform.fuse.FuseConvActivation;
import dev.fixpoint.transform.fuse.FuseConvAdd;
import dev.fixpoint.transform.fuse.FuseMatMulAdd;
import dev.fixpoint.transform.fuse.ReduceMeanToGlobalAveragePool;

/** The catalogue of rewrite rules. */
public final class StandardRules {
  /** Rules that write the same thing more simply. */
  public static final RuleSet CLEAN_UP =
      RuleSet.of(RemoveIdentity.RULE, SimplifyReshape.RULE, ReduceMeanToGlobalAveragePool.RULE);

  /** Rules that fold affine steps into weights. */
  public static final RuleSet FOLD =
      RuleSet.of(FoldBatchNormIntoConv.RULE, FoldBatchNormIntoGemm.RULE);

  /** Rules that join nodes into fused operators. */
  public static final RuleSet FUSE =
      RuleSet.of(FuseConvAdd.RULE, FuseConvActivation.RULE, FuseMatMulAdd.RULE);

  private StandardRules() {}

  /** All rules. */
  public static RuleSet all() {
    return CLEAN_UP.plus(FOLD).plus(FUSE);
  }
}
