package dev.fixpoint.transform.fuse;

import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.rewrite.Capture;
import dev.fixpoint.rewrite.Condition;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Match;
import dev.fixpoint.rewrite.Patterns;
import dev.fixpoint.rewrite.ReplacementBuilder;
import dev.fixpoint.rewrite.RewriteRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fuses an activation into the convolution, its transpose, Gemm or matrix product before it.
 *
 * <p>{@code act(Conv(x, W, b) + z)} is one operator; the fused one rounds once where the two
 * rounded twice.
 *
 * <pre>
 *   t = Conv(x, W, b)        y = FusedConv(x, W, b) with activation Relu
 *   y = Relu(t)          →
 * </pre>
 */
public final class FuseConvActivation {
  private static final Capture<Node> LINEAR = Capture.ofNode("linear");

  private static final Map<OpId, OpDefinition> FUSED =
      Map.of(
          StandardOps.CONV.id(), StandardOps.FUSED_CONV,
          StandardOps.FUSED_CONV.id(), StandardOps.FUSED_CONV,
          StandardOps.CONV_TRANSPOSE.id(), StandardOps.FUSED_CONV_TRANSPOSE,
          StandardOps.GEMM.id(), StandardOps.FUSED_GEMM,
          StandardOps.FUSED_GEMM.id(), StandardOps.FUSED_GEMM,
          StandardOps.FUSED_MAT_MUL.id(), StandardOps.FUSED_MAT_MUL);

  /** The rule. */
  public static final RewriteRule RULE =
      RewriteRule.named("fuse-conv-activation")
          .doc(
              "act(Conv(x, w, b)) = FusedConv(x, w, b); the same for ConvTranspose, Gemm and MatMul with bias")
          .match(
              Patterns.op(Activations.OPS)
                  .input(
                      0,
                      Patterns.op(
                              StandardOps.CONV,
                              StandardOps.FUSED_CONV,
                              StandardOps.CONV_TRANSPOSE,
                              StandardOps.GEMM,
                              StandardOps.FUSED_GEMM,
                              StandardOps.FUSED_MAT_MUL)
                          .capture(LINEAR)
                          .singleUse()))
          .where(
              Condition.soundness(
                  "linear has no activation yet",
                  match -> match.get(LINEAR).get(Activation.KIND).isEmpty()))
          .where(
              Condition.soundness(
                  "the activation is on float32 with constant bounds",
                  match -> Activations.of(match.graph(), match.root()).isPresent()))
          .replaceWith(FuseConvActivation::replace)
          .within(ErrorContract.realIdentity());

  private FuseConvActivation() {}

  private static void replace(Match match, ReplacementBuilder build) {
    Node linear = match.get(LINEAR);
    Activation activation = Activations.of(match.graph(), match.root()).orElseThrow();
    OpDefinition fused = FUSED.get(linear.opId());
    if (fused == null) {
      throw build.refuse("there is no fused form of " + linear.opId());
    }
    List<@Nullable Value> inputs = linear.inputs();
    build.node(fused, activation.addTo(linear.attributes()), inputs, match.root().outputs());
  }
}
