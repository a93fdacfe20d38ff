package dev.fixpoint.transform.fuse;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.TensorType;

/**
 * Fuses a residual addition into the convolution before it: {@code Conv(x, W, b) + z} with {@code
 * z} of the same shape is one operator, which rounds once.
 */
public final class FuseConvAdd {
  private static final Capture<Node> CONV = Capture.ofNode("conv");

  /** Position of the residual among the inputs of a FusedConv. */
  private static final int RESIDUAL = 3;

  private static final Capture<Value> Z = Capture.ofValue("z");

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fuse-conv-add")
          .doc("Conv(x, w, b) + z = FusedConv(x, w, b, z)")
          .match(
              Patterns.op(StandardOps.ADD)
                  .inputs(
                      Patterns.op(StandardOps.CONV, StandardOps.FUSED_CONV)
                          .capture(CONV)
                          .singleUse(),
                      Patterns.any(Z))
                  .commutative())
          .where(
              Condition.soundness(
                  "conv has neither activation nor residual yet",
                  match ->
                      match.get(CONV).get(Activation.KIND).isEmpty()
                          && !match.get(CONV).hasInput(RESIDUAL)))
          .where(Condition.soundness("z has the type of conv's output", FuseConvAdd::hasOutputType))
          .replaceWith(FuseConvAdd::replace)
          .within(ErrorContract.realIdentity());

  private FuseConvAdd() {}

  private static boolean hasOutputType(Match match) {
    TensorType conv = match.type(match.get(CONV).output());
    TensorType z = match.type(match.get(Z));
    return conv.shape().isRanked()
        && conv.shape().dimensions().stream().noneMatch(d -> d instanceof Dimension.Unknown)
        && conv.equals(z);
  }

  private static void replace(Match match, ReplacementBuilder build) {
    Node conv = match.get(CONV);
    build.define(
        match.root().output(),
        StandardOps.FUSED_CONV,
        conv.attributes(),
        conv.input(0),
        conv.input(1),
        conv.inputOrNull(2),
        match.get(Z));
  }
}
