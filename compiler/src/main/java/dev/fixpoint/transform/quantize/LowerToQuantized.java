package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.GraphProperty;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.pass.RewritePass;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.rewrite.RuleSet;
import dev.fixpoint.transform.fuse.FuseMatMulAdd;
import java.util.Optional;
import java.util.Set;

/**
 * Lets operators between dequantizers and quantizers run on the integers themselves. Takes graphs
 * with FakeQuant nodes and graphs with QuantizeLinear and DequantizeLinear, from here or elsewhere;
 * what does not fit stays in float between its quantizers.
 *
 * <pre>
 *   a = DequantizeLinear(qx, sx, zx)
 *   c = FusedConv(a, DequantizeLinear(qw, sw, 0), DequantizeLinear(qb, sx·sw))
 *   y = QuantizeLinear(c, sy, zy)
 *                →    y = QConv(qx, sx, zx, qw, sw, 0, qb, sy, zy)
 * </pre>
 */
public record LowerToQuantized() implements Pass {
  /** Name of this pass in records. */
  static final String NAME = "lower-to-quantized";

  private static final Pass CONVERSION =
      new RewritePass(
          "convert-quantizers", RuleSet.of(ConvertQonnxQuant.RULE, FuseMatMulAdd.QUANTIZED));

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<GraphProperty> establishes() {
    return Set.of(QuantProperties.LOWERED);
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    Graph converted = CONVERSION.transform(graph, context);
    Graph expanded = context.rewrite(converted, ExpandFakeQuant::expand);
    Graph lowered = context.rewrite(expanded, LowerToQuantized::lower);
    return context.rewrite(lowered, RequantizeLowering::lowerAll);
  }

  private static void lower(Rewriter rewriter) {
    for (Node node : rewriter.nodes()) {
      Optional<QuantRole> role = QuantRole.of(node);
      if (rewriter.contains(node) && role.isPresent()) {
        switch (role.get()) {
          case WEIGHTED -> WeightedLowering.lower(rewriter, node);
          case ARITHMETIC -> ElementwiseLowering.arithmetic(rewriter, node);
          case MEAN -> ElementwiseLowering.mean(rewriter, node);
          case CONCAT -> ElementwiseLowering.concat(rewriter, node);
          case SAME_SCALE -> SameScaleLowering.lower(rewriter, node);
          case FUNCTION -> FunctionLowering.lower(rewriter, node);
        }
      } else if (rewriter.contains(node) && node.calls(StandardOps.BATCH_NORMALIZATION)) {
        FunctionLowering.lower(rewriter, node);
      } else if (node.calls(QuantOps.QUANT_STUB) || node.calls(QuantOps.DEQUANT_STUB)) {
        throw new IllegalArgumentException(
            node.describe() + " is left; place fake quantizers before lowering");
      }
    }
  }
}
