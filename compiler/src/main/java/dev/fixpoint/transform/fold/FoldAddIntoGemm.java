package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.rewrite.TypeConditions;
import dev.fixpoint.tensor.Tensor;

/**
 * Folds the addition of a constant for each column into the Gemm before it: {@code α·A·B + β·C + c}
 * is a Gemm with the bias {@code β·C + c} and {@code β' = 1}.
 */
public final class FoldAddIntoGemm {
  private static final Capture<Value> A = Capture.ofValue("a");
  private static final ChannelConstant SUMMAND =
      new ChannelConstant(
          Capture.ofValue("summand"), GemmParts.GEMM, 1, _ -> 2, match -> GemmParts.columns(match));

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-add-into-gemm")
          .doc("Gemm(a, B, C) + c = Gemm(a, B, beta·C + c) with c one number for each column")
          .match(
              Patterns.op(StandardOps.ADD)
                  .inputs(
                      GemmParts.gemm(Patterns.any(A)).singleUse(),
                      Patterns.constant(SUMMAND.constant()))
                  .commutative())
          .where(TypeConditions.floating(GemmParts.B))
          .where(SUMMAND.condition())
          .where(GemmParts.sameInEveryRow())
          .replaceWith(FoldAddIntoGemm::replace)
          .within(ErrorContract.realIdentity());

  private FoldAddIntoGemm() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor b = match.constant(GemmParts.B);
    String wish = match.get(GemmParts.B).name();
    FoldedWeights folded = new FoldedWeights(build, AffineStep.summand(SUMMAND.of(match)), b, wish);
    build.define(
        match.root().output(),
        StandardOps.GEMM,
        GemmParts.withoutBeta(match),
        match.get(A),
        match.get(GemmParts.B),
        folded.bias(GemmParts.bias(match)));
  }
}
