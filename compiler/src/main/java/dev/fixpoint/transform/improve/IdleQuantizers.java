package dev.fixpoint.transform.improve;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.op.quant.QuantOps;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.transform.quantize.WeightedOperator;
import java.util.List;
import java.util.function.Predicate;

/** Quantizers of activations that no integer operator reads: what follows runs in float anyway. */
final class IdleQuantizers {
  private IdleQuantizers() {}

  /** The graph without them. */
  static Graph drop(String pass, Graph graph, PassContext context) {
    Graph current = graph;
    while (current.nodes().stream().anyMatch(idleIn(current))) {
      Graph before = current;
      current = context.rewrite(before, rewriter -> dropOnce(pass, rewriter));
    }
    return current;
  }

  private static Predicate<Node> idleIn(GraphView graph) {
    return node -> isIdle(graph, node);
  }

  private static void dropOnce(String pass, Rewriter rewriter) {
    for (Node node : rewriter.nodes()) {
      if (isIdle(rewriter.graph(), node)) {
        rewriter.replace(
            pass,
            List.of(node),
            build -> build.substitute(node.output(), node.input(0)),
            ErrorContract.quantization());
      }
    }
  }

  private static boolean isIdle(GraphView graph, Node node) {
    return node.calls(QuantOps.FAKE_QUANT)
        && graph.constant(node.input(0)) == null
        && !graph.isOutput(node.output())
        && graph.uses(node.output()).stream().noneMatch(use -> isInteger(graph, use.node()));
  }

  /** Whether a node that reads a quantizer runs on integers when the graph is lowered. */
  private static boolean isInteger(GraphView graph, Node node) {
    if (WeightedOperator.isWeighted(node)) {
      return isQuantized(graph, node, 0) && isQuantized(graph, node, WeightedOperator.WEIGHTS);
    }
    return node.outputs().stream()
        .flatMap(output -> graph.uses(output).stream())
        .anyMatch(use -> use.node().calls(QuantOps.FAKE_QUANT));
  }

  private static boolean isQuantized(GraphView graph, Node node, int input) {
    Node producer = graph.producer(node.input(input));
    return producer != null
        && (producer.calls(QuantOps.FAKE_QUANT) || producer.calls(QuantOps.DEQUANTIZE_LINEAR));
  }
}
