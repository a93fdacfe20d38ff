package dev.fixpoint.transform.quantize;

import dev.fixpoint.ir.GraphView;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Expansion;
import dev.fixpoint.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a graph that is, step for step, the expansion of one operator.
 *
 * @param left what the operator's first input is
 * @param nodes the steps, the last to be computed first
 */
record WrittenOut(Value left, List<Node> nodes) {

  /**
   * The part that ends with a value; null where a step or a constant differs.
   *
   * @param right the operator's inputs behind the first
   */
  static @Nullable WrittenOut find(
      GraphView graph, Expansion expansion, List<@Nullable Value> right, Value last) {
    Search search = new Search(graph, expansion);
    for (int i = 0; i < right.size(); i++) {
      Value value = right.get(i);
      if (value != null) {
        search.known.put(Expansion.input(i + 1), value);
      }
    }
    boolean same = search.isSame(Expansion.output(0), last);
    Value left = search.known.get(Expansion.input(0));
    return same && left != null ? new WrittenOut(left, List.copyOf(search.nodes)) : null;
  }

  /** A comparison from the result backwards; an expansion has some twenty steps. */
  private static final class Search {
    private final GraphView graph;
    private final Map<String, Tensor> constants;
    private final Map<String, Expansion.Step> steps = new HashMap<>();
    private final Map<String, Value> known = new HashMap<>();
    private final Set<Node> nodes = new LinkedHashSet<>();

    Search(GraphView graph, Expansion expansion) {
      this.graph = graph;
      this.constants = expansion.constants();
      expansion.steps().forEach(step -> steps.put(step.outputs().getFirst(), step));
    }

    private boolean isSame(String name, @Nullable Value value) {
      if (name.isEmpty() || value == null) {
        return name.isEmpty() && value == null;
      }
      Tensor constant = constants.get(name);
      if (constant != null) {
        return constant.equals(graph.constant(value));
      }
      Value before = known.putIfAbsent(name, value);
      if (before != null) {
        return before.equals(value);
      }
      Expansion.Step step = steps.get(name);
      return step == null || isSame(step, graph.producer(value));
    }

    private boolean isSame(Expansion.Step step, @Nullable Node node) {
      if (node == null
          || !node.opId().equals(step.op())
          || !node.attributes().equals(step.attributes())
          || node.inputs().size() < step.inputs().size()) {
        return false;
      }
      nodes.add(node);
      for (int i = 0; i < node.inputs().size(); i++) {
        String input = i < step.inputs().size() ? step.inputs().get(i) : "";
        if (!isSame(input, node.inputs().get(i))) {
          return false;
        }
      }
      return true;
    }
  }
}
