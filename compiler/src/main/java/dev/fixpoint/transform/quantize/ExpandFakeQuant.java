package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.TypeInference;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes every FakeQuant as QuantizeLinear and DequantizeLinear, and quantizes constants at once,
 * so that a file holds integers and one DequantizeLinear for each weight.
 *
 * <pre>
 *   y = FakeQuant(x, s, z)    →    q = QuantizeLinear(x, s, z)   y = DequantizeLinear(q, s, z)
 *   v = FakeQuant(w, s, z)    →    v = DequantizeLinear(qw, s, z)
 * </pre>
 */
public record ExpandFakeQuant() implements Pass {
  private static final String NAME = "expand-fake-quant";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return context.rewrite(graph, ExpandFakeQuant::expand);
  }

  static void expand(Rewriter rewriter) {
    for (Node node : rewriter.nodes()) {
      if (node.calls(QuantOps.FAKE_QUANT)) {
        expand(rewriter, node);
      } else if (node.calls(QuantOps.QUANTIZE_LINEAR)) {
        foldConstant(rewriter, node);
      }
    }
  }

  private static void expand(Rewriter rewriter, Node node) {
    Value x = node.input(0);
    rewriter.replace(
        NAME,
        List.of(node),
        build -> {
          Tensor folded = quantizedConstant(rewriter.graph(), node);
          Value quantized =
              folded != null
                  ? build.constant(x.name() + "_quantized", folded)
                  : build.call(
                      x.name() + "_quantized",
                      QuantOps.QUANTIZE_LINEAR,
                      node.attributes(),
                      x,
                      node.input(1),
                      node.inputOrNull(2));
          build.define(
              node.output(),
              QuantOps.DEQUANTIZE_LINEAR,
              node.attributes(),
              quantized,
              node.input(1),
              node.inputOrNull(2));
        },
        ErrorContract.bitExact());
  }

  private static void foldConstant(Rewriter rewriter, Node node) {
    Tensor folded = quantizedConstant(rewriter.graph(), node);
    if (folded != null) {
      rewriter.replace(
          NAME,
          List.of(node),
          build -> build.define(node.output(), folded),
          ErrorContract.bitExact());
    }
  }

  /** The integers of a constant under the parameters of a quantizer; null where one is computed. */
  private static @Nullable Tensor quantizedConstant(GraphView graph, Node node) {
    for (Value input : node.inputs()) {
      if (input != null && graph.constant(input) == null) {
        return null;
      }
    }
    OpCall call = TypeInference.call(graph, node);
    return QuantOps.QUANTIZE_LINEAR.evaluate(call).getFirst();
  }
}
