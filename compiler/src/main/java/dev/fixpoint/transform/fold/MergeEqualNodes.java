package dev.fixpoint.transform.fold;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Use;
import dev.fixpoint.ir.Value;
import dev.fixpoint.pass.Pass;
import dev.fixpoint.pass.PassContext;
import dev.fixpoint.rewrite.ErrorContract;
import dev.fixpoint.rewrite.Rewriter;
import dev.fixpoint.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Common subexpressions: a node that computes what an earlier one does gives way to it, and of
 * initializers with equal bits one is left.
 *
 * <p>Equal are nodes with the same operator, the same attributes (subgraphs compared node by node,
 * {@link NodeKey}) and the same inputs, where inputs made by merged nodes count as the same. Left
 * alone: random operators and operators without a definition, because two calls of one may differ;
 * and values that are outputs of the graph or that a subgraph reads, because their names count.
 */
public final class MergeEqualNodes implements Pass {
  @Override
  public String name() {
    return "merge-equal-nodes";
  }

  @Override
  public Graph transform(Graph graph, PassContext context) {
    return context.rewrite(graph, rewriter -> new Merge(rewriter).merge(graph));
  }

  /**
   * A constant and a place where it is read.
   *
   * @param constant the constant
   * @param by output of the node that reads it
   */
  private record Read(Value constant, Value by) {}

  /** What is known while one graph is gone through in topological order. */
  private final class Merge {
    private final Rewriter rewriter;
    private final Map<TensorKey, Read> constants = new HashMap<>();
    private final Map<NodeKey, Node> nodes = new HashMap<>();

    /** The value that is read now, by the one that was merged into it. */
    private final Map<Value, Value> same = new HashMap<>();

    private Merge(Rewriter rewriter) {
      this.rewriter = rewriter;
    }

    private void merge(Graph graph) {
      for (Node node : graph.nodes()) {
        for (Value input : node.inputs()) {
          if (input != null) {
            mergeConstant(input, node);
          }
        }
        mergeNode(node);
      }
    }

    private void mergeConstant(Value value, Node reader) {
      Tensor tensor = rewriter.graph().constant(value);
      if (tensor == null || same.containsKey(value)) {
        return;
      }
      TensorKey key = TensorKey.of(tensor);
      Read first = constants.putIfAbsent(key, new Read(value, reader.output()));
      if (first == null || first.constant == value || !mayBeReplaced(value)) {
        return;
      }
      Node firstReader = rewriter.graph().producer(first.by);
      Node now = rewriter.graph().producer(reader.output());
      if (firstReader == null || now == null) {
        constants.put(key, new Read(value, reader.output())); // the other reader was merged
        return;
      }
      same.put(value, first.constant);
      rewriter.replace(
          name(),
          Stream.of(now, firstReader).distinct().toList(),
          build -> build.substitute(value, first.constant),
          ErrorContract.bitExact());
    }

    private void mergeNode(Node node) {
      Optional<NodeKey> key = NodeKey.of(node, value -> same.getOrDefault(value, value));
      Node first = key.isEmpty() ? null : nodes.putIfAbsent(key.get(), node);
      // The node itself, or what merged inputs made of it.
      Node now = first == null ? null : rewriter.graph().producer(node.output());
      Node stays = first == null ? null : rewriter.graph().producer(first.output());
      if (first == null
          || now == null
          || stays == null
          || first.outputs().size() < node.outputs().size()
          || !node.outputs().stream().allMatch(this::mayBeReplaced)) {
        return;
      }
      rewriter.replace(
          name(),
          List.of(now, stays),
          build -> {
            for (int i = 0; i < node.outputs().size(); i++) {
              build.substitute(node.output(i), first.output(i));
              same.put(node.output(i), first.output(i));
            }
          },
          ErrorContract.bitExact());
    }

    private boolean mayBeReplaced(Value value) {
      GraphView graph = rewriter.graph();
      return !graph.isOutput(value)
          && graph.uses(value).stream().noneMatch(use -> use.index() == Use.CAPTURE);
    }
  }
}
