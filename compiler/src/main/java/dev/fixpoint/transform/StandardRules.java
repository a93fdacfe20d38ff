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
import dev.fixpoint.transform.fold.FoldBatchNormIntoQuantizedConv;
import dev.fixpoint.transform.fold.FoldConvDivBatchNorm;
import dev.fixpoint.transform.fold.FoldMulIntoConv;
import dev.fixpoint.transform.fold.FoldMulIntoGemm;
import dev.fixpoint.transform.fold.FoldMulIntoMatMul;
import dev.fixpoint.transform.fold.FoldPadIntoAveragePool;
import dev.fixpoint.transform.fold.FoldPadIntoConv;
import dev.fixpoint.transform.fold.FoldPadIntoMaxPool;
import dev.fixpoint.transform.fold.SimplifyReshape;
import dev.fixpoint.transform.fuse.FuseConvActivation;
import dev.fixpoint.transform.fuse.FuseConvAdd;
import dev.fixpoint.transform.fuse.FuseMatMulAdd;
import dev.fixpoint.transform.fuse.ReduceMeanToGlobalAveragePool;
import dev.fixpoint.transform.quantize.ConvertQonnxQuant;
import dev.fixpoint.transform.quantize.StoreQuantizedWeights;

/**
 * The catalogue of rewrite rules, by the step of a pipeline that they belong to. Rules with an
 * algebra of their own are Java; the others are text in the resources of this package.
 */
public final class StandardRules {
  /** Rules that write the same thing more simply. */
  public static final RuleSet CLEAN_UP =
      RuleFiles.load("fold/structure.rules")
          .plus(SimplifyReshape.RULE)
          .plus(RuleFiles.load("fold/arithmetic.rules"))
          .plus(ReduceMeanToGlobalAveragePool.RULE);

  /** Rules that recognize functions that exporters spell out. */
  public static final RuleSet RECOGNIZE = RuleFiles.load("fuse/recognize.rules");

  /** Rules that fold affine steps and pads into the operators beside them. */
  public static final RuleSet FOLD =
      RuleSet.of(
          FoldBatchNormIntoConv.RULE,
          FoldBatchNormIntoConvTranspose.RULE,
          FoldBatchNormIntoGemm.RULE,
          FoldBatchNormIntoMatMul.RULE,
          FoldBatchNormIntoQuantizedConv.RULE,
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

  /** Rules on quantizers and dequantizers, all of them exact: for graphs that will be lowered. */
  public static final RuleSet QUANTIZED = RuleFiles.load("quantize/steps.rules");

  /** Rules that join what is left in float with the integers beside it: for lowered graphs. */
  public static final RuleSet LOWERED =
      RuleFiles.load("quantize/results.rules").plus(RuleFiles.load("quantize/products.rules"));

  /** Rules that bring quantized graphs of others, and weights of ours, into the usual form. */
  public static final RuleSet STORED =
      RuleSet.of(ConvertQonnxQuant.RULE, FuseMatMulAdd.QUANTIZED, StoreQuantizedWeights.RULE);

  private static final RuleSet ATTENTION = RuleFiles.load("fuse/attention.rules");
  private static final RuleSet DECOMPOSITIONS = RuleFiles.load("expand/operators.rules");

  private StandardRules() {}

  /**
   * Rules that recognize scaled dot-product attention, for writing to consumers that have it. No
   * pipeline uses them: the products of an attention that is one operator are not quantized.
   */
  public static RuleSet attention() {
    return ATTENTION;
  }

  /**
   * Rules that spell out operators of newer sets, for writing to consumers that lack them. They
   * undo {@link #RECOGNIZE} and {@link #attention}; a pass has the ones or the others.
   */
  public static RuleSet decompositions() {
    return DECOMPOSITIONS;
  }

  /** All rules. No pass applies them together. */
  public static RuleSet all() {
    return CLEAN_UP
        .plus(RECOGNIZE)
        .plus(FOLD)
        .plus(EXPAND)
        .plus(FUSE)
        .plus(QUANTIZED)
        .plus(STORED)
        .plus(LOWERED)
        .plus(ATTENTION)
        .plus(DECOMPOSITIONS);
  }
}
