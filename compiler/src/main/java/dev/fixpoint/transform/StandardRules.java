package dev.fixpoint.transform;

import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.transform.fold.ExpandBatchNorm;
import dev.fixpoint.transform.fold.FoldAddIntoConv;
import dev.fixpoint.transform.fold.FoldAddIntoGemm;
import dev.fixpoint.transform.fold.FoldBatchNormBeforeConv;
import dev.fixpoint.transform.fold.FoldBatchNormBeforeGemm;
import dev.fixpoint.transform.fold.FoldBatchNormIntoConv;
import dev.fixpoint.transform.fold.FoldBatchNormIntoConvTranspose;
import dev.fixpoint.transform.fold.FoldBatchNormIntoGemm;
import dev.fixpoint.transform.fold.FoldBatchNormIntoMatMul;
import dev.fixpoint.transform.fold.FoldConvDivBatchNorm;
import dev.fixpoint.transform.fold.FoldMulIntoConv;
import dev.fixpoint.transform.fold.FoldMulIntoGemm;
import dev.fixpoint.transform.fold.FoldMulIntoMatMul;
import dev.fixpoint.transform.fold.FoldPadIntoAveragePool;
import dev.fixpoint.transform.fold.FoldPadIntoConv;
import dev.fixpoint.transform.fold.FoldPadIntoMaxPool;
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

  /** Rules that fold affine steps and pads into the operators beside them. */
  public static final RuleSet FOLD =
      RuleSet.of(
          FoldBatchNormIntoConv.RULE,
          FoldBatchNormIntoConvTranspose.RULE,
          FoldBatchNormIntoGemm.RULE,
          FoldBatchNormIntoMatMul.RULE,
          FoldConvDivBatchNorm.RULE,
          FoldBatchNormBeforeConv.RULE,
          FoldBatchNormBeforeGemm.RULE,
          FoldMulIntoConv.RULE,
          FoldAddIntoConv.RULE,
          FoldMulIntoGemm.RULE,
          FoldAddIntoGemm.RULE,
          FoldMulIntoMatMul.RULE,
          FoldPadIntoConv.RULE,
          FoldPadIntoAveragePool.RULE,
          FoldPadIntoMaxPool.RULE);

  /** Rules for what could not be folded. */
  public static final RuleSet EXPAND = RuleSet.of(ExpandBatchNorm.RULE);

  /** Rules that join nodes into fused operators. */
  public static final RuleSet FUSE =
      RuleSet.of(FuseConvAdd.RULE, FuseConvActivation.RULE, FuseMatMulAdd.RULE);

  private StandardRules() {}

  /** All rules. */
  public static RuleSet all() {
    return CLEAN_UP.plus(FOLD).plus(EXPAND).plus(FUSE);
  }
}
