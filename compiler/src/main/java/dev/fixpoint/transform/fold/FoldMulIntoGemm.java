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
 * Folds the multiplication by a constant factor for each column into the Gemm before it: {@code
 * (α·A·B + β·C)·k} is {@code α·A·(B·k) + (β·C)·k}, with {@code β' = 1}.
 */
public final class FoldMulIntoGemm {
  private static final Capture<Value> A = Capture.ofValue("a");
  private static final ChannelConstant K =
      new ChannelConstant(
          Capture.ofValue("k"), GemmParts.GEMM, 1, _ -> 2, match -> GemmParts.columns(match));

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fold-mul-into-gemm")
          .doc("Gemm(a, B, C)·k = Gemm(a, B·k, beta·C·k) with k one number for each column")
          .match(
              Patterns.op(StandardOps.MUL)
                  .inputs(
                      GemmParts.gemm(Patterns.any(A)).singleUse(), Patterns.constant(K.constant()))
                  .commutative())
          .where(TypeConditions.floating(GemmParts.B))
          .where(K.condition())
          .where(GemmParts.sameInEveryRow())
          .replaceWith(FoldMulIntoGemm::replace)
          .within(ErrorContract.realIdentity());

  private FoldMulIntoGemm() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Tensor b = match.constant(GemmParts.B);
    String wish = match.get(GemmParts.B).name();
    FoldedWeights folded = new FoldedWeights(build, AffineStep.factor(K.of(match)), b, wish);
    Value bias = match.find(GemmParts.C).isPresent() ? folded.bias(GemmParts.bias(match)) : null;
    build.define(
        match.root().output(),
        StandardOps.GEMM,
        GemmParts.withoutBeta(match),
        match.get(A),
        folded.weights(WeightChannels.ofMatrix(b.shape(), GemmParts.isTransposed(match))),
        bias);
  }
}
