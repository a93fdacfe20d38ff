package dev.fixpoint.examples;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pass of one's own: removes multiplications by a scalar 1. */
public final class CustomPass implements Pass {
  @Override
  public String name() {
    return "drop-unit-factors";
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return context.rewrite(graph, rewriter -> graph.nodes().forEach(n -> drop(rewriter, n)));
  }

  private void drop(Rewriter rewriter, Node node) {
    GraphView graph = rewriter.graph();
    if (!node.calls(StandardOps.MUL) || graph.isOutput(node.output())) {
      return;
    }
    for (int side = 0; side < 2; side++) {
      Value kept = node.input(1 - side);
      if (isOne(graph.constant(node.input(side)))) {
        rewriter.replace(
            name(),
            List.of(node),
            build -> build.substitute(node.output(), kept),
            ErrorContract.bitExact());
        return;
      }
    }
  }

  private static boolean isOne(@Nullable Tensor constant) {
    return constant != null
        && constant.shape().rank() == 0
        && Arrays.equals(constant.toDoubles(), new double[] {1});
  }
}
